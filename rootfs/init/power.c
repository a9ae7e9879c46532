#include "init.h"
enum { ORDERLY_MS = 60000, ABSENT_MS = 10000, TERM_MS = 5000, KILL_MS = 2000 };
static struct { enum power action; uint64_t at, absent_since; } stop;        /* action 0: nobody asked */

uint8_t stop_pending(void) { return (uint8_t)stop.action; }

void stop_requested(enum power action) {
	if (!stop.action) stop.action = action, stop.absent_since = now_ms(), stop.at = stop.absent_since + ORDERLY_MS;
	tell_stop(stop.action);
}

/* A machined that serves has a minute in all; one that does not come back has ten seconds. */
uint64_t stop_deadline(void) {
	if (!stop.action) return UINT64_MAX;
	uint64_t absent = machined_is_serving() ? UINT64_MAX : stop.absent_since + ABSENT_MS;
	return absent < stop.at ? absent : stop.at;
}

void stop_tick(uint64_t now) {
	if (machined_is_serving()) stop.absent_since = now;
	if (now >= stop_deadline()) end_machine(stop.action);
}

/* Reaps until no process is left (true) or the time is over. */
static bool drain(uint64_t ms) {
	for (uint64_t until = now_ms() + ms; now_ms() < until;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);
		if (pid < 0 && errno == ECHILD) return true;
		if (pid == 0) usleep(10000);
	}
	return false;
}

/* Only the first pid namespace's PID 1 owns the file systems: in any other, a remount would reach those of the host. */
static bool owns_machine(void) {
	char text[64] = "";
	return !is_container && readlink("/proc/self/ns/pid", text, sizeof text - 1) > 0 && !strcmp(text, "pid:[4026531836]");
}

/* The last mounted first; what is busy becomes read-only. */
static void release_mounts(void) {
	static char lines[256][256];
	int count = 0;
	FILE *mounts = fopen("/proc/self/mounts", "re");
	while (mounts && count < 256 && fscanf(mounts, "%*s %255s%*[^\n]", lines[count]) == 1) count++;
	while (count-- > 0)
		if (strncmp(lines[count], "/proc", 5) && strncmp(lines[count], "/sys", 4) && strncmp(lines[count], "/dev", 4) &&
		    umount2(lines[count], UMOUNT_NOFOLLOW) < 0)
			mount(NULL, lines[count], NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

void end_machine(enum power action) {
	const char *kept[] = { "/system/state", "/var" };
	say("stopping every process");
	kill(-1, SIGTERM);
	if (!drain(TERM_MS)) kill(-1, SIGKILL);
	drain(KILL_MS);
	for (int i = 0; i < 2; i++) syncfs(open(kept[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (owns_machine()) sync(), release_mounts();
	say("%s", action == POWER_REBOOT ? "restarting" : "power off");
	reboot(action == POWER_REBOOT ? RB_AUTOBOOT : action == POWER_OFF ? RB_POWER_OFF : RB_HALT_SYSTEM);
	say("reboot: %s", strerror(errno));
	for (;;) pause();
}
