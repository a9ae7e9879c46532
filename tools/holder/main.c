#include "holder.h"
#include <getopt.h>

enum { BACKOFF_MS = 1000 };
enum state { RUNNING, STOPPED };
static const char *const usage =
    "usage: minos-holder --name N --root DIR [--state DIR] [--ephemeral DIR] [--bridge BR] [--veth IF] [--log FILE]\n"
    "                    [--cgroup NAME] [--pidfile FILE] [--status FILE] [-- PROGRAM ARGUMENT…]\n"
    "       minos-holder --sweep …   takes away what a holder with the same options left when it was killed\n";

static bool read_options(struct options *o, int argc, char **argv) {
	struct { const char *name; const char **value; } known[] = {
		{ "name", &o->name }, { "root", &o->root }, { "state", &o->state }, { "ephemeral", &o->ephemeral }, { "bridge", &o->bridge },
		{ "veth", &o->veth }, { "log", &o->log }, { "cgroup", &o->cgroup }, { "pidfile", &o->pidfile }, { "status", &o->status },
	};
	enum { COUNT = sizeof known / sizeof *known };
	struct option table[COUNT + 2] = { 0 };
	table[COUNT] = (struct option){ "sweep", no_argument, NULL, COUNT };
	for (int i = 0; i < COUNT; i++) table[i] = (struct option){ known[i].name, required_argument, NULL, i };
	for (int i; (i = getopt_long(argc, argv, "+", table, NULL)) != -1;) {
		if (i < 0 || i > COUNT) return false;
		if (i == COUNT) o->sweeps = true;
		else *known[i].value = optarg;
	}
	o->program = optind < argc ? argv + optind : NULL;
	return o->name && (o->root || o->sweeps);
}

static void report(const struct options *o, enum state state, pid_t pid, unsigned starts) {
	char text[256];
	snprintf(text, sizeof text, "{\"state\":\"%s\",\"pid\":%d,\"starts\":%u,\"holder\":%d}\n", state == RUNNING ? "running" : "stopped", (int)pid,
	         starts, (int)getpid());
	if (o->status && replace_file(o->status, text) < 0) say("%s: %s", o->status, strerror(errno));
}

/* Locked as long as the holder lives, so a second one for the same node stops at once. */
static int take_pidfile(const struct options *o) {
	char text[16];
	if (!o->pidfile) return 0;
	int fd = open(o->pidfile, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0) return -1;
	int length = snprintf(text, sizeof text, "%d\n", (int)getpid());
	return ftruncate(fd, 0) < 0 || write(fd, text, (size_t)length) != length ? -1 : 0;
}

/* A node in namespaces of its own; 0 or -1 when there is none. */
static pid_t start_node(const struct options *o) {
	int go[2];
	if (pipe2(go, O_CLOEXEC) < 0) return -1;
	unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | SIGCHLD;
	pid_t pid = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
	if (pid == 0) {
		close(go[1]);
		become_node(o, go[0]);
	}
	close(go[0]);
	if (pid > 0 && !link_make(o, pid)) {
		say("%s: no link to the bridge", o->name);
		kill(pid, SIGKILL);
	} else if (pid > 0) {
		(void)!write(go[1], "g", 1);
	}
	close(go[1]);
	return pid;
}

/* Waits for the end of the node or for SIGTERM (true). */
static bool wait_for_end(pid_t pid, int *status) {
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	for (;;) {
		if (pid > 0 && waitpid(pid, status, WNOHANG) == pid) return false;
		int signo = sigwaitinfo(&set, NULL);
		if (signo == SIGTERM || signo == SIGINT) return true;
	}
}

/* True: asked to end. */
static bool pause_or_end(int ms) {
	sigset_t set;
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	return sigtimedwait(&set, NULL, &time) > 0;
}

static void hold(const struct options *o) {
	int status = 0;
	for (unsigned starts = 1;; starts++) {
		pid_t pid = start_node(o);
		report(o, RUNNING, pid, starts);
		if (pid > 0 && wait_for_end(pid, &status)) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
			return;
		}
		cgroup_kill();
		bool again = pid > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP;
		bool down = pid > 0 && ((WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
		say("%s: %s", o->name, again ? "restarts" : down ? "is down" : "ended without being asked to and is started again");
		if (down) {
			report(o, STOPPED, 0, starts);
			wait_for_end(-1, NULL);
			return;
		}
		if (!again && pause_or_end(BACKOFF_MS)) return;
	}
}

static void open_log(const struct options *o) {
	int log = o->log ? open(o->log, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
	if (log < 0) return;
	dup2(log, 1);
	dup2(log, 2);
	if (log > 2) close(log);
}

int main(int argc, char **argv) {
	struct options o = { 0 };
	sigset_t all;
	if (!read_options(&o, argc, argv)) {
		(void)!write(2, usage, strlen(usage));
		return 100;
	}
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (take_pidfile(&o) < 0) {
		say("%s: another holder has it, or it cannot be written", o.pidfile);
		return 100;
	}
	open_log(&o);
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0) {
		say("mount namespace: %s", strerror(errno));
		return 111;
	}
	if (o.cgroup) cgroup_open(o.cgroup);
	if (!o.sweeps) hold(&o);
	link_remove(&o);
	cgroup_kill();
	cgroup_remove();
	if (o.status) unlink(o.status);
	if (o.pidfile) unlink(o.pidfile);
	return 0;
}
