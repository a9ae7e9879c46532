/* In the place of /sbin/machined: runs the script of the test with Node, with the words that this was started with. */
#include <unistd.h>
enum { WORDS = 16 };

int main(int argc, char **argv) {
	char *words[WORDS + 3] = { "/usr/bin/node", "/usr/lib/minos/stand-in.js" };
	for (int i = 0; i < argc && i < WORDS; i++) words[2 + i] = argv[i];
	execv(words[0], words);
	return 127;
}
