#include "init.h"
enum { OWN_FILES = 10, BATCH = 64 };
static int signals = -1;

static void on_signals(void) {
	struct signalfd_siginfo info;
	while (read(signals, &info, sizeof info) == sizeof info)
		if (info.ssi_signo != SIGCHLD) stop_requested(info.ssi_signo == SIGTERM ? POWER_OFF : POWER_REBOOT);
	reap_all();
}

static void dispatch(const struct epoll_event *e) {
	struct child *c = child_at((int)(uint32_t)e->data.u64);
	enum source source = (enum source)(e->data.u64 >> 32);
	if (source == FROM_SIGNALS) on_signals();
	else if (source == FROM_MACHINED) connection_pump();
	else if (c && source == FROM_STATUS) spawn_status(c);
	else if (c && source == FROM_READY) spawn_ready(c);
}

/* fds 0 to 9 are never used by init itself, so that a forked child can lay out its own without a clash. */
static void take_low_files(void) {
	int fd, console = fcntl(2, F_GETFD) < 0 ? open("/dev/console", O_RDWR | O_NOCTTY | O_NONBLOCK) : -1;
	for (fd = 0; console >= 0 && fd < 3; fd++) dup2(console, fd);
	do fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd < OWN_FILES - 1);
}

static void set_up(void) {
	sigset_t ours;
	sigfillset(&ours), sigprocmask(SIG_SETMASK, &ours, NULL);
	mount_all();
	take_low_files();
	sigemptyset(&ours), sigaddset(&ours, SIGCHLD), sigaddset(&ours, SIGTERM), sigaddset(&ours, SIGINT);
	signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	watch(signals, FROM_SIGNALS, 0, EPOLLIN);
	if (!is_container) reboot(RB_DISABLE_CAD);                /* Ctrl-Alt-Del comes as SIGINT */
	struct rlimit files = { 0, 0 };
	getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur < 4 * SLOTS) files.rlim_cur = files.rlim_max < 4 * SLOTS ? files.rlim_max : 4 * SLOTS;
	setrlimit(RLIMIT_NOFILE, &files);
}

static _Noreturn void serve(void) {
	struct epoll_event batch[BATCH];
	for (;;) {
		uint64_t now = now_ms();
		machined_tick(now), stop_tick(now), connection_pump();
		uint64_t next = machined_deadline() < stop_deadline() ? machined_deadline() : stop_deadline();
		int wait = next == UINT64_MAX ? -1 : next <= now ? 0 : next - now > 60000 ? 60000 : (int)(next - now);
		for (int i = 0, n = watched(batch, BATCH, wait); i < n; i++) dispatch(&batch[i]);
	}
}

int main(int argc, char **argv) {
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	if (argc > 0 && !strcmp(slash ? slash + 1 : argv[0], "wrapperd")) return wrapperd();
	if (getpid() != 1) return say("this is PID 1's program"), 100;
	is_container = argc > 1 && !strcmp(argv[1], "container");
	machined_program(is_container && argc > 3 && !strcmp(argv[2], "--") ? argc - 3 : 0, argv + 3);
	set_up();
	requests_from(is_container ? "/etc/minos/early-container" : "/etc/minos/early-metal");
	serve();
}
