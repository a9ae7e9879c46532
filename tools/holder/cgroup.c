#include "holder.h"

/* Only the holder's mount namespace has this mount, so the host's own layout (v1, v2 or both) does not matter. */
static const char *const MOUNT = "/sys/fs/cgroup";
static char own[PATH_MAX], parent[PATH_MAX];

/* Best effort: without it the node runs, and says that its services have no limits. */
static void hand_down_controllers(const char *group) {
	char path[PATH_MAX + 32];
	if (snprintf(path, sizeof path, "%s/cgroup.subtree_control", group) < (int)sizeof path) write_text(path, "+memory +pids +cpu");
}

bool cgroup_open(const char *name) {
	if (mount("cgroup2", MOUNT, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) {
		say("cgroup2: %s; the node has no cgroups", strerror(errno));
		return false;
	}
	snprintf(own, sizeof own, "%s/%s", MOUNT, name);
	snprintf(parent, sizeof parent, "%s", own);
	for (char *at = own + strlen(MOUNT) + 1; (at = strchr(at, '/')); *at++ = '/') {
		*at = 0;
		mkdir(own, 0755);
		hand_down_controllers(own);
	}
	char *slash = strrchr(parent, '/');
	*slash = 0;
	if (mkdir(own, 0755) == 0 || errno == EEXIST) return true;
	say("%s: %s; the node has no cgroups", own, strerror(errno));
	own[0] = 0;
	return false;
}

static void write_own(const char *file, const char *text) {
	char path[PATH_MAX + 32];
	snprintf(path, sizeof path, "%s/%s", own, file);
	if (own[0]) write_text(path, text);
}

void cgroup_enter(void) { write_own("cgroup.procs", "0"); }
void cgroup_kill(void) { write_own("cgroup.kill", "1"); }

static void remove_tree(const char *path) {
	DIR *dir = opendir(path);
	if (!dir) return;
	for (struct dirent *e; (e = readdir(dir));) {
		char below[PATH_MAX];
		if (e->d_type != DT_DIR || !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
		if (snprintf(below, sizeof below, "%s/%s", path, e->d_name) < (int)sizeof below) remove_tree(below);
	}
	closedir(dir);
	struct timespec pause = { .tv_nsec = 10000000 };
	for (int tries = 0; rmdir(path) < 0 && errno == EBUSY && tries < 200; tries++) nanosleep(&pause, NULL);
}

/* Waits a little for the last of the killed; then the parent, which other nodes may still need. */
void cgroup_remove(void) {
	if (!own[0]) return;
	remove_tree(own);
	if (strcmp(parent, MOUNT)) rmdir(parent);
}
