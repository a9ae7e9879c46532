#include "init.h"
bool is_container;
enum { PSEUDO = MS_NOSUID | MS_NODEV | MS_NOEXEC };
static const struct { const char *type, *target, *options; unsigned long flags; } table[] = {
	{ "proc", "/proc", NULL, PSEUDO },
	{ "sysfs", "/sys", NULL, PSEUDO },
	{ "devtmpfs", "/dev", "mode=0755", MS_NOSUID | MS_NOEXEC },
	{ "devpts", "/dev/pts", "mode=0620,ptmxmode=0666,gid=5", MS_NOSUID | MS_NOEXEC },
	{ "tmpfs", "/dev/shm", "mode=1777", PSEUDO },
	{ "cgroup2", "/sys/fs/cgroup", "nsdelegate,memory_recursiveprot", PSEUDO },
	{ "tmpfs", "/run", "mode=0755", PSEUDO },
	{ "tmpfs", "/system", "mode=0755", PSEUDO },
	{ "tmpfs", "/tmp", "mode=1777", PSEUDO },
};
static const char *const directories[] = { "/run/init", "/system/run", "/system/etc", "/system/state" };

/* Another device than the directory above it: enough for kernel file systems, and needs no /proc. */
static bool is_mount_point(const char *path) {
	char above[64];
	struct stat here, up;
	snprintf(above, sizeof above, "%s/..", path);
	return stat(path, &here) == 0 && stat(above, &up) == 0 && here.st_dev != up.st_dev;
}

/* Services that listen on 127.0.0.1 need no network configuration for it. */
static void loopback_up(void) {
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0) say("lo: %s", strerror(errno));
	if (fd >= 0) close(fd);
}

/* Controllers can be given out below the root only when no process is in the root itself. They are before there is a service, so that
   all memory of one counts as its own; a kernel or host that has none to give is told about by machined, which sets the limits. */
static void own_cgroup(void) {
	mkdir("/sys/fs/cgroup/init", 0755);
	mkdir("/sys/fs/cgroup/system", 0755);
	if (write_file("/sys/fs/cgroup/init/cgroup.procs", "0") < 0) say("cgroup init: %s", strerror(errno));
	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory +pids +cpu");
	write_file("/sys/fs/cgroup/system/cgroup.subtree_control", "+memory +pids +cpu");
	write_file("/sys/fs/cgroup/system/cpu.weight", "10");    /* until machined sets the limits it is what all others wait for */
}

void mount_all(void) {
	umask(0);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (is_mount_point(table[i].target)) continue;
		mkdir(table[i].target, 0755);
		if (mount(table[i].type, table[i].target, table[i].type, table[i].flags, table[i].options) < 0)
			say("mount %s: %s", table[i].target, strerror(errno));
	}
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		if (mkdir(directories[i], i < 3 ? 0755 : 0700) < 0 && errno != EEXIST) say("%s: %s", directories[i], strerror(errno));
	umask(022);
	own_cgroup();
	loopback_up();
}
