#include "init.h"

enum { OWN_FILES = 10, BATCH = 64 };
bool is_container;
static int poller = -1, signals = -1;

uint64_t now_ms(void) {
	struct timespec t;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void say(const char *format, ...) {
	char line[256] = "init: ";
	va_list rest;
	va_start(rest, format);
	vsnprintf(line + 6, sizeof line - 7, format, rest);
	va_end(rest);
	size_t length = strlen(line);
	line[length] = '\n';
	(void)!write(2, line, length + 1);
}

void watch(int fd, enum source source, int slot, uint32_t events) {
	struct epoll_event e = { .events = events, .data.u64 = (uint64_t)source << 32 | (uint32_t)slot };
	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e) < 0) say("epoll: %s", strerror(errno));
}

void rewatch(int fd, enum source source, uint32_t events) {
	struct epoll_event e = { .events = events, .data.u64 = (uint64_t)source << 32 };
	epoll_ctl(poller, EPOLL_CTL_MOD, fd, &e);
}

void unwatch(int *fd) {
	epoll_ctl(poller, EPOLL_CTL_DEL, *fd, NULL);             /* a forked child may still have it open */
	close(*fd);
	*fd = -1;
}

static void on_signals(void) {
	struct signalfd_siginfo info;
	while (read(signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGTERM) stop_requested(POWER_OFF);
		else if (info.ssi_signo == SIGINT) stop_requested(POWER_REBOOT);
	}
	reap_all();
}

static void dispatch(const struct epoll_event *e) {
	struct child *c = child_at((int)(uint32_t)e->data.u64);
	switch ((enum source)(e->data.u64 >> 32)) {
	case FROM_SIGNALS:
		on_signals();
		break;
	case FROM_MACHINED:
		connection_pump();
		break;
	case FROM_STATUS:
		if (c) spawn_status(c);
		break;
	case FROM_READY:
		if (c) spawn_ready(c);
		break;
	}
}

/* fds 0 to 9 are never used by init itself, so that a forked child can lay out its own without a clash. */
static void take_low_files(void) {
	int fd;
	if (fcntl(2, F_GETFD) < 0) {
		int console = open("/dev/console", O_RDWR | O_NOCTTY | O_NONBLOCK);
		for (fd = 0; console >= 0 && fd < 3; fd++) dup2(console, fd);
	}
	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd < OWN_FILES - 1);
}

static void set_up(void) {
	sigset_t all, ours;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	mount_all();
	take_low_files();
	sigemptyset(&ours);
	sigaddset(&ours, SIGCHLD);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	poller = epoll_create1(EPOLL_CLOEXEC);
	watch(signals, FROM_SIGNALS, 0, EPOLLIN);
	if (!is_container)
		reboot(RB_DISABLE_CAD);                               /* Ctrl-Alt-Del comes as SIGINT */
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 4 * SLOTS) {
		files.rlim_cur = files.rlim_max < 4 * SLOTS ? files.rlim_max : 4 * SLOTS;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static uint64_t earlier(uint64_t a, uint64_t b) {
	return a < b ? a : b;
}

static _Noreturn void serve(void) {
	struct epoll_event batch[BATCH];
	for (;;) {
		uint64_t now = now_ms();
		machined_tick(now);
		stop_tick(now);
		connection_pump();
		uint64_t next = earlier(machined_deadline(), stop_deadline());
		int wait = next == UINT64_MAX ? -1 : next <= now ? 0 : next - now > 60000 ? 60000 : (int)(next - now);
		int n = epoll_wait(poller, batch, BATCH, wait);
		for (int i = 0; i < n; i++) dispatch(&batch[i]);
	}
}

int main(int argc, char **argv) {
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	if (argc > 0 && !strcmp(slash ? slash + 1 : argv[0], "wrapperd")) return wrapperd();
	if (getpid() != 1) {
		say("this is PID 1's program");
		return 100;
	}
	is_container = argc > 1 && !strcmp(argv[1], "container");
	bool is_other = is_container && argc > 3 && !strcmp(argv[2], "--");
	machined_program(is_other ? argc - 3 : 0, argv + 3);
	set_up();
	serve();
}
