/* wrapperd: takes the request from fd 5, sets every limit, runs the program. Reports on fd 4: a line for each limit that
   was not met, or `!` and why there is no program. Capabilities go last, since setting ids needs them (capabilities(7)). */
#include "init.h"
enum { READY = 3, STATUS = 4, REQUEST = 5, CAPS = 64, CLOEXEC_RANGE = 4 };

_Noreturn static void fail(const char *what) {
	dprintf(STATUS, "!%s: %s", what, strerror(errno));
	_exit(127);
}

static void unmet(const struct spec *s, enum demand demand, const char *what) {
	if (s->demands & demand) fail(what);
	dprintf(STATUS, "%s: %s\n", what, strerror(errno));
}

static int enter_cgroup(const char *path) {
	char name[CGROUP_MAX + 48];
	snprintf(name, sizeof name, "/sys/fs/cgroup/%s/cgroup.procs", path);
	if (access("/sys/fs/cgroup/cgroup.procs", F_OK) < 0) return -1;   /* no cgroup v2 there */
	for (char *at = name + strlen("/sys/fs/cgroup/"); (at = strchr(at, '/')); *at++ = '/') {
		*at = 0;
		if (mkdir(name, 0755) < 0 && errno != EEXIST) return -1;
	}
	return write_file(name, "0");
}

static void set_ids(const struct spec *s) {
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(s->group_count, s->groups) < 0) fail("groups");
	if (setresgid(s->gid, s->gid, s->gid) < 0 || setresuid(s->uid, s->uid, s->uid) < 0) fail("ids");
}

static void set_capabilities(uint64_t caps) {
	uint32_t header[] = { 0x20080522, 0 }, low = (uint32_t)caps, high = (uint32_t)(caps >> 32);   /* _LINUX_CAPABILITY_VERSION_3 */
	uint32_t sets[] = { low, low, low, high, high, high };   /* effective, permitted, inheritable; again for the upper half */
	if (syscall(SYS_capset, header, sets) < 0) fail("capabilities");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) fail("ambient set");
	for (unsigned long cap = 0; cap < CAPS; cap++)
		if ((caps >> cap & 1) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0) fail("ambient set");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) fail("no_new_privs");
}

int wrapperd(void) {
	static uint8_t bytes[FRAME_MAX];
	static struct spec s;
	char score[16];
	if (fcntl(STATUS, F_SETFD, FD_CLOEXEC) < 0) return 127;   /* nobody started us who could hear more */
	ssize_t n = read(REQUEST, bytes, sizeof bytes);
	struct reader r = { bytes, bytes + (n > 0 ? n : 0), false };
	errno = EINVAL;
	if (!parse_spec(&r, &s) || spec_problem(&s)) fail("request");
	if (s.cgroup[0] && enter_cgroup(s.cgroup) < 0) unmet(&s, NEED_CGROUP, "cgroup");
	snprintf(score, sizeof score, "%d", s.oom);
	if (s.oom != OOM_UNSET && write_file("/proc/self/oom_score_adj", score) < 0) unmet(&s, NEED_OOM, "oom score");
	if (s.nofile && setrlimit(RLIMIT_NOFILE, &(struct rlimit){ s.nofile, s.nofile }) < 0) unmet(&s, NEED_NOFILE, "open files");
	for (unsigned long cap = 0; cap < CAPS; cap++)
		if (!(s.caps >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && errno != EINVAL) fail("bounding set");
	set_ids(&s);
	set_capabilities(s.caps);
	if (chdir("/") < 0 || syscall(SYS_close_range, REQUEST, ~0U, CLOEXEC_RANGE) < 0) fail("files");
	execve(s.argv[0], s.argv, s.env);
	fail(s.argv[0]);
}
