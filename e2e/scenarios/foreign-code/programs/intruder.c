/* intruder UID PID…: tries, as that user, to get into each of the processes; a line for each. intruder UID: sleeps as that user. */
#include "../../../vm/agent/intrude.h"
#include <stdlib.h>

int main(int argc, char **argv) {
	char line[128];
	if (argc < 2 || become((unsigned)atoi(argv[1])) < 0) return 111;
	if (argc == 2) {
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		puts("here");
		fflush(stdout);
		return pause();
	}
	for (int i = 2; i < argc; i++) {
		intrude(atoi(argv[i]), "", line, sizeof line);
		puts(line);
	}
}
