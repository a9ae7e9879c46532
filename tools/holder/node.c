#include "holder.h"

enum { PLAIN = MS_NOSUID | MS_NODEV, PSEUDO = PLAIN | MS_NOEXEC };

_Noreturn static void fail(const char *what) {
	say("%s: %s", what, strerror(errno));
	_exit(111);
}

static void mount_or_fail(const char *type, const char *target, unsigned long flags, const char *data) {
	if (mount(type, target, type, flags, data) < 0) fail(target);
}

static void bind_over(const char *source, const char *target, unsigned long flags) {
	if (mount(source, target, NULL, MS_BIND, NULL) < 0) fail(target);
	if (flags && mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | flags, NULL) < 0) fail(target);
}

static void empty_file(const char *path, mode_t mode) {
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
	if (fd < 0) fail(path);
	close(fd);
}

static void make_dev(const struct options *o, const char *console) {
	static const struct { const char *name; int major, minor; } nodes[] = {
		{ "dev/null", 1, 3 }, { "dev/zero", 1, 5 }, { "dev/full", 1, 7 }, { "dev/random", 1, 8 }, { "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
	};
	mount_or_fail("tmpfs", "dev", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k");
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
		if (mknod(nodes[i].name, S_IFCHR | 0666, makedev((unsigned)nodes[i].major, (unsigned)nodes[i].minor)) < 0) fail(nodes[i].name);
	if (mkdir("dev/pts", 0755) < 0 || mkdir("dev/shm", 01777) < 0 || symlink("pts/ptmx", "dev/ptmx") < 0) fail("dev");
	if (symlink("/proc/self/fd", "dev/fd") < 0 || symlink("/proc/self/fd/0", "dev/stdin") < 0 ||
	    symlink("/proc/self/fd/1", "dev/stdout") < 0 || symlink("/proc/self/fd/2", "dev/stderr") < 0)
		fail("dev");
	mount_or_fail("devpts", "dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,mode=0620,ptmxmode=0666,gid=5");
	mount_or_fail("tmpfs", "dev/shm", PSEUDO, "mode=1777");
	if (o->log) {
		empty_file("dev/console", 0600);
		bind_over(console, "dev/console", 0);
	}
	if (access("/dev/kmsg", F_OK) == 0) {
		empty_file("dev/kmsg", 0644);
		bind_over("/dev/kmsg", "dev/kmsg", 0);
	}
}

/* A new value for every start, as a kernel would have: RFC 9562 version 4. */
static void make_boot_id(void) {
	uint8_t b[16];
	if (getrandom(b, sizeof b, 0) != sizeof b) fail("getrandom");
	b[6] = (uint8_t)(0x40 | (b[6] & 0x0f));
	b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
	FILE *file = fopen("run/.boot-id", "we");
	if (!file) fail("run/.boot-id");
	for (int i = 0; i < 16; i++) fprintf(file, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b[i]);
	fputc('\n', file);
	if (fclose(file) != 0 || chmod("run/.boot-id", 0444) < 0) fail("run/.boot-id");
	bind_over("run/.boot-id", "proc/sys/kernel/random/boot_id", MS_RDONLY | PSEUDO);
	unlink("run/.boot-id");
}

/* Everything is put together below the root of the node, which is then made the root. */
static void make_root(const struct options *o) {
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) fail("/");
	if (mount(o->root, o->root, NULL, MS_BIND | MS_REC, NULL) < 0) fail(o->root);
	if (mount(NULL, o->root, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | PLAIN, NULL) < 0 || chdir(o->root) < 0) fail(o->root);
	mount_or_fail("proc", "proc", PSEUDO, NULL);
	if (access("proc/sysrq-trigger", F_OK) == 0) bind_over("proc/sysrq-trigger", "proc/sysrq-trigger", MS_RDONLY | PSEUDO);
	mount_or_fail("sysfs", "sys", PSEUDO | MS_RDONLY, NULL);
	if (mount("cgroup2", "sys/fs/cgroup", "cgroup2", PSEUDO, NULL) < 0) say("%s: no cgroup2: %s", o->name, strerror(errno));
	make_dev(o, o->log);
	mount_or_fail("tmpfs", "run", PSEUDO, "mode=0755");
	mount_or_fail("tmpfs", "system", PSEUDO, "mode=0755");
	mount_or_fail("tmpfs", "tmp", PSEUDO, "mode=1777");
	if (mkdir("system/state", 0700) < 0) fail("system/state");
	if (o->state) bind_over(o->state, "system/state", PSEUDO);
	if (o->ephemeral) bind_over(o->ephemeral, "var", PLAIN);
	make_boot_id();
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) fail("pivot_root");
}

void become_node(const struct options *o, int go) {
	char byte, *argv[300] = { "/sbin/init", "container", NULL }, *env[] = { NULL };
	prctl(PR_SET_PDEATHSIG, SIGKILL);                         /* a node never outlives its holder */
	cgroup_enter();
	if (unshare(CLONE_NEWCGROUP) < 0) say("%s: no cgroup namespace: %s", o->name, strerror(errno));
	if (sethostname(o->name, strlen(o->name)) < 0) fail("hostname");
	umask(0);                                                 /* modes below /dev are as written */
	make_root(o);
	umask(022);
	int null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, 0) < 0) fail("/dev/null");
	if (null > 2) close(null);
	for (int i = 0; o->program && o->program[i] && i < 290; i++) {
		argv[2] = "--";
		argv[i + 3] = o->program[i];
		argv[i + 4] = NULL;
	}
	if (read(go, &byte, 1) != 1) _exit(111);                  /* the link is there now; no byte: the holder is gone */
	close(go);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(argv[0], argv, env);
	fail(argv[0]);
}
