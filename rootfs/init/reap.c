#include "init.h"

static void child_reaped(struct child *c, int status) {
	spawn_status(c);                                         /* what it still said comes before its end */
	spawn_ready(c);
	if (c->status_fd >= 0) unwatch(&c->status_fd);
	if (c->ready_fd >= 0) unwatch(&c->ready_fd);
	c->ended = true;
	c->wait_status = status;
	if (!c->failed || c->asker != machined_starts()) {
		tell_exited(c);
		return;
	}
	const char *why = c->report;
	for (const char *at = c->report; *at; at++)
		if (*at == '!') why = at + 1;
	say_error(c->request, P_INVALID, why);
	c->pid = 0;
}

/* Collects every process that has ended; orphans are nobody's and are forgotten. */
void reap_all(void) {
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *c = child_by_pid(pid);
		if (c) child_reaped(c, status);
		else machined_reaped(pid, status);
	}
}
