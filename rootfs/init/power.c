#include "init.h"

enum { ORDERLY_MS = 60000, ABSENT_MS = 10000, TERM_MS = 5000, KILL_MS = 2000 };
static struct { enum power action; bool pending; uint64_t at, absent_since; } stop;

uint8_t stop_pending(void) {
	return stop.pending ? (uint8_t)stop.action : 0;
}

void stop_requested(enum power action) {
	if (!stop.pending) {
		stop.action = action;
		stop.pending = true;
		stop.at = now_ms() + ORDERLY_MS;
		stop.absent_since = now_ms();
	}
	tell_stop(stop.action);
}

/* A machined that serves has a minute in all; one that does not come back has ten seconds. */
uint64_t stop_deadline(void) {
	if (!stop.pending) return UINT64_MAX;
	uint64_t absent = machined_is_serving() ? UINT64_MAX : stop.absent_since + ABSENT_MS;
	return absent < stop.at ? absent : stop.at;
}

void stop_tick(uint64_t now) {
	if (machined_is_serving()) stop.absent_since = now;
	if (now >= stop_deadline()) end_machine(stop.action);
}

/* Reaps until no process is left or the time is over. */
static bool drain(uint64_t ms) {
	struct timespec pause = { .tv_nsec = 10000000 };
	for (uint64_t until = now_ms() + ms; now_ms() < until;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);
		if (pid < 0 && errno == ECHILD) return true;
		if (pid == 0) nanosleep(&pause, NULL);
	}
	return false;
}

/* Only the first pid namespace's PID 1 owns the file systems: in any other, a remount would reach those of the host. */
static bool owns_machine(void) {
	char text[64] = "";
	return !is_container && readlink("/proc/self/ns/pid", text, sizeof text - 1) > 0 && !strcmp(text, "pid:[4026531836]");
}

static void release_mounts(void) {
	static char lines[65536], *targets[256];
	int fd = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC), count = 0;
	size_t length = 0;
	for (ssize_t n; fd >= 0 && length < sizeof lines - 1 && (n = read(fd, lines + length, sizeof lines - 1 - length)) > 0;)
		length += (size_t)n;
	char *rest = lines;
	for (char *line; (line = strsep(&rest, "\n")) && count < 256;) {
		strsep(&line, " ");
		char *target = strsep(&line, " ");
		if (target && strncmp(target, "/proc", 5) && strncmp(target, "/sys/", 5) && strncmp(target, "/dev", 4))
			targets[count++] = target;
	}
	while (count-- > 0)
		if (umount2(targets[count], UMOUNT_NOFOLLOW) < 0) mount(NULL, targets[count], NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

static void sync_state(void) {
	const char *paths[] = { "/system/state", "/var" };
	for (int i = 0; i < 2; i++) {
		int fd = open(paths[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0) continue;
		syncfs(fd);
		close(fd);
	}
}

void end_machine(enum power action) {
	say("stopping every process");
	kill(-1, SIGTERM);
	if (!drain(TERM_MS)) {
		kill(-1, SIGKILL);
		drain(KILL_MS);
	}
	if (owns_machine()) {
		sync();
		release_mounts();
	} else {
		sync_state();
	}
	say("%s", action == POWER_REBOOT ? "restarting" : "power off");
	reboot(action == POWER_REBOOT ? RB_AUTOBOOT : action == POWER_OFF ? RB_POWER_OFF : RB_HALT_SYSTEM);
	say("reboot: %s", strerror(errno));
	for (;;) pause();
}
