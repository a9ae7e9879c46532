#include "init.h"
void enter_program(int output, const int *more, int count) {
	sigset_t none;
	sigemptyset(&none);
	setsid();
	bool placed = dup2(open("/dev/null", O_RDWR | O_CLOEXEC), 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2;
	for (int i = 0; i < count; i++) placed = placed && dup2(more[i], 3 + i) == 3 + i;
	if (!placed) _exit(127);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* wrapperd's files: 3 the ready pipe, 4 the pipe it reports on, 5 the request as it came. init's own are all at 10 and up. */
_Noreturn static void become_wrapperd(int log, int ready, int status, int request) {
	char *argv[] = { "wrapperd", NULL }, *env[] = { NULL };
	enter_program(log, (int[]){ ready, status, request }, 3);
	execve("/sbin/wrapperd", argv, env);
	dprintf(status, "!/sbin/wrapperd: %s", strerror(errno));
	_exit(127);
}

static pid_t start(struct child *c, const uint8_t *bytes, size_t length) {
	int ready[2] = { -1, -1 }, status[2] = { -1, -1 }, log = fifo_writer(c->id), request = memfd_create("spawn", MFD_CLOEXEC);
	bool written = request >= 0 && write(request, bytes, length) == (ssize_t)length && lseek(request, 0, SEEK_SET) == 0;
	bool piped = pipe2(ready, O_CLOEXEC | O_NONBLOCK) == 0 && pipe2(status, O_CLOEXEC | O_NONBLOCK) == 0;
	pid_t pid = log >= 0 && written && piped ? fork() : -1;
	if (pid == 0) become_wrapperd(log, ready[1], status[1], request);
	int error = errno, done[] = { log, request, ready[1], status[1], pid < 0 ? ready[0] : -1, pid < 0 ? status[0] : -1 };
	for (size_t i = 0; i < sizeof done / sizeof *done; i++)
		if (done[i] >= 0) close(done[i]);
	c->ready_fd = ready[0], c->status_fd = status[0];
	errno = error;
	return pid;
}

int spawn_child(const struct spec *s, const uint8_t *bytes, size_t length, uint32_t request) {
	struct timespec wall;
	struct child *c = child_new(s->id);
	if (!c) return P_EXHAUSTED;
	c->pid = start(c, bytes, length);
	if (c->pid < 0) return c->pid = 0, P_INTERNAL;
	clock_gettime(CLOCK_REALTIME, &wall);
	c->started_ms = (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000;
	c->request = request, c->asker = machined_starts();
	memcpy(c->cgroup, s->cgroup, strlen(s->cgroup));
	watch(c->status_fd, FROM_STATUS, child_slot(c), EPOLLIN);
	watch(c->ready_fd, FROM_READY, child_slot(c), EPOLLIN);
	return 0;
}

/* End of file means that the program runs, or that wrapperd has said on its last line, after a `!`, why not. */
void spawn_status(struct child *c) {
	char part[REPORT_MAX];
	ssize_t n;
	while (c->status_fd >= 0 && (n = read(c->status_fd, part, sizeof part)) != 0) {
		if (n < 0) return;
		size_t room = REPORT_MAX - 1 - c->report_length, take = (size_t)n < room ? (size_t)n : room;
		memcpy(c->report + c->report_length, part, take);
		c->report_length += take;
	}
	if (c->status_fd < 0) return;
	unwatch(&c->status_fd);
	c->failed = c->report[0] == '!' || strstr(c->report, "\n!");
	if (!strncmp(c->report, "cgroup", 6)) c->cgroup[0] = 0;
	if (c->failed) return;                                    /* the asker hears when it is reaped, so that the id is free then */
	if (c->asker == machined_starts()) say_process(c->request, c);
	if (c->report[0]) tell_unmet(c);
}

void spawn_ready(struct child *c) {
	char part[256];
	spawn_status(c);
	ssize_t n = c->ready_fd < 0 ? -1 : read(c->ready_fd, part, sizeof part);
	if (n < 0) return;
	c->is_ready = n > 0 && memchr(part, '\n', (size_t)n);
	if (n == 0 || c->is_ready) unwatch(&c->ready_fd);
	if (c->is_ready) tell_ready(c);
}

static void child_reaped(struct child *c, int status) {
	spawn_ready(c);                                          /* what it still said comes before its end */
	if (c->status_fd >= 0) unwatch(&c->status_fd);
	if (c->ready_fd >= 0) unwatch(&c->ready_fd);
	c->ended = true, c->wait_status = status;
	if (!c->failed || c->asker != machined_starts()) return tell_exited(c);
	say_error(c->request, P_INVALID, strrchr(c->report, '!') + 1);
	c->pid = 0;
}

/* Collects every process that has ended; orphans are nobody's and are forgotten. */
void reap_all(void) {
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
		struct child *c = child_by_pid(pid);
		if (c) child_reaped(c, status);
		else machined_reaped(pid, status);
	}
}

static const char *cgroup_file(const struct child *c, const char *file) {
	static char name[CGROUP_MAX + 48];
	snprintf(name, sizeof name, "/sys/fs/cgroup/%s/%s", c->cgroup, file);
	return name;
}

/* Those in its cgroup that have left its process group: so nobody gets the signal twice. */
static void signal_strays(const struct child *c, int signo) {
	FILE *pids = fopen(cgroup_file(c, "cgroup.procs"), "re");
	for (int pid; pids && fscanf(pids, "%d", &pid) == 1;)
		if (pid > 1 && getpgid(pid) != c->pid) kill(pid, signo);
	if (pids) fclose(pids);
}

bool signal_child(const char *id, int signo, bool group) {
	struct child *c = child_living(id);
	if (!c || !group) return c && kill(c->pid, signo) == 0;
	bool sent = kill(-c->pid, signo) == 0 || kill(c->pid, signo) == 0;   /* it may not have its own group yet */
	if (c->cgroup[0] && signo == SIGKILL) write_file(cgroup_file(c, "cgroup.kill"), "1");
	else if (c->cgroup[0]) signal_strays(c, signo);
	return sent;
}
