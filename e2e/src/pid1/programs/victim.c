/* What the tests of PID 1 start: `victim exit N`, `signal N`, `orphans N`, `hold`, `ready`, `chatter`, `family`, `deaf`. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(long ms) {
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
	nanosleep(&time, NULL);
}

/* Forks twice, so that PID 1 becomes the parent of the second. */
static void make_orphan(int i) {
	if (fork() == 0) {
		if (fork() == 0) {
			sleep_ms(i * 7 % 40);
			_exit(i % 256);
		}
		_exit(0);
	}
	wait(NULL);
}

/* Numbered lines on a stdout that never blocks; goes on whatever write(2) says. */
static void chatter(void) {
	for (int i = 0;; i++) {
		dprintf(1, "line %d\n", i);
		sleep_ms(5);
	}
}

/* A second process in a session of its own: only its cgroup still ties it to the first. */
static void make_stray(void) {
	if (fork() == 0) {
		setsid();
		for (;;) pause();
	}
}

int main(int argc, char **argv) {
	const char *what = argc > 1 ? argv[1] : "";
	int number = argc > 2 ? atoi(argv[2]) : 0;
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
	if (!strcmp(what, "exit")) {
		sleep_ms(number % 50);
		return number;
	}
	if (!strcmp(what, "signal")) kill(getpid(), number);
	if (!strcmp(what, "orphans"))
		for (int i = 0; i < number; i++) make_orphan(i);
	if (!strcmp(what, "orphans")) return 0;
	if (!strcmp(what, "ready")) dprintf(atoi(getenv("READY_FD")), "ready\n");
	if (!strcmp(what, "chatter")) chatter();
	if (!strcmp(what, "family")) make_stray();
	if (!strcmp(what, "deaf")) signal(SIGTERM, SIG_IGN);
	for (;;) pause();
}
