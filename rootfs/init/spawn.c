#include "init.h"

void enter_program(int in, int out, int err) {
	sigset_t none;
	sigemptyset(&none);
	setsid();
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(127);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* wrapperd's files: 3 the ready pipe, 4 the pipe it reports on, 5 the request as it came. init's own are all at 10 and up. */
_Noreturn static void become_wrapperd(int log, int ready, int status, int request) {
	char *argv[] = { "wrapperd", NULL }, *env[] = { NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	enter_program(null, log, log);
	if (dup2(ready, 3) == 3 && dup2(status, 4) == 4 && dup2(request, 5) == 5) execve("/sbin/wrapperd", argv, env);
	dprintf(status, "!/sbin/wrapperd: %s\n", strerror(errno));
	_exit(127);
}

static int memory_of(const uint8_t *bytes, size_t length) {
	int fd = memfd_create("spawn", MFD_CLOEXEC);
	if (fd >= 0 && (write(fd, bytes, length) != (ssize_t)length || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static pid_t start(struct child *c, const uint8_t *bytes, size_t length) {
	int ready[2] = { -1, -1 }, status[2] = { -1, -1 };
	int log = fifo_writer(c->id), request = memory_of(bytes, length);
	pid_t pid = -1;
	if (log >= 0 && request >= 0 && pipe2(ready, O_CLOEXEC | O_NONBLOCK) == 0 && pipe2(status, O_CLOEXEC | O_NONBLOCK) == 0)
		pid = fork();
	if (pid == 0) become_wrapperd(log, ready[1], status[1], request);
	int error = errno, ours[] = { log, request, ready[1], status[1], pid < 0 ? ready[0] : -1, pid < 0 ? status[0] : -1 };
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (ours[i] >= 0) close(ours[i]);
	c->ready_fd = ready[0];
	c->status_fd = status[0];
	errno = error;
	return pid;
}

int spawn_child(const struct spec *s, const uint8_t *bytes, size_t length, uint32_t request) {
	struct timespec wall;
	struct child *c = child_new(s->id);
	if (!c) return P_EXHAUSTED;
	pid_t pid = start(c, bytes, length);
	if (pid < 0) return P_INTERNAL;
	clock_gettime(CLOCK_REALTIME, &wall);
	c->pid = pid;
	c->started_ms = (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000;
	c->request = request;
	c->asker = machined_starts();
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
	if (c->failed)
		return;                                               /* the asker hears when it is reaped, so that the id is free then */
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

static void in_cgroup(const char *path, const char *file, int flags, int *fd) {
	char name[CGROUP_MAX + 48];
	snprintf(name, sizeof name, "/sys/fs/cgroup/%s/%s", path, file);
	*fd = path[0] ? open(name, flags | O_CLOEXEC) : -1;
}

void kill_cgroup(const char *path) {
	int fd;
	in_cgroup(path, "cgroup.kill", O_WRONLY, &fd);
	if (fd < 0) return;
	(void)!write(fd, "1", 1);
	close(fd);
}

/* Those in its cgroup that have left its process group: so nobody gets the signal twice. */
static void signal_strays(const struct child *c, int signo) {
	char text[4096], *at = text, *end;
	int fd;
	in_cgroup(c->cgroup, "cgroup.procs", O_RDONLY, &fd);
	if (fd < 0) return;
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	for (long pid; (pid = strtol(at, &end, 10)) > 1 && end != at; at = end)
		if (getpgid((pid_t)pid) != c->pid) kill((pid_t)pid, signo);
}

bool signal_child(const char *id, int signo, bool group) {
	struct child *c = child_living(id);
	if (!c) return false;
	if (!group) return kill(c->pid, signo) == 0;
	bool sent = kill(-c->pid, signo) == 0 || kill(c->pid, signo) == 0;   /* it may not have its own group yet */
	if (signo == SIGKILL) kill_cgroup(c->cgroup);
	else signal_strays(c, signo);
	return sent;
}
