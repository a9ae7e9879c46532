#include "stage1.h"
enum { IMAGE_FLAGS = MS_RDONLY | MS_NOSUID | MS_NODEV };
static const char *const moved[] = { "dev", "proc", "sys" };

/* The initramfs lives in memory; nothing below another mount is touched. */
static void remove_below(int directory, dev_t device) {
	struct stat at;
	DIR *dir = fdopendir(directory);
	if (!dir) return;
	for (struct dirent *e; (e = readdir(dir));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") || fstatat(dirfd(dir), e->d_name, &at, AT_SYMLINK_NOFOLLOW) < 0) continue;
		if (at.st_dev != device) continue;
		if (S_ISDIR(at.st_mode)) {
			int below = openat(dirfd(dir), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (below >= 0) remove_below(below, device);
		}
		unlinkat(dirfd(dir), e->d_name, S_ISDIR(at.st_mode) ? AT_REMOVEDIR : 0);
	}
	closedir(dir);
}

void enter_root(const char *device) {
	char *argv[] = { "/sbin/init", "metal", NULL }, *environment[] = { NULL }, target[32];
	struct stat here;
	mkdir("/root", 0755);
	if (mount(device, "/root", "squashfs", IMAGE_FLAGS, NULL) < 0) fail("image refused: mount %s: %s", device, strerror(errno));
	hand_on_config();
	for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
		char source[16];
		snprintf(source, sizeof source, "/%s", moved[i]);
		snprintf(target, sizeof target, "/root/%s", moved[i]);
		if (mount(source, target, NULL, MS_MOVE, NULL) < 0) fail("move %s: %s", source, strerror(errno));
	}
	int old = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (old >= 0 && fstat(old, &here) == 0) remove_below(old, here.st_dev);
	if (chdir("/root") < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 || chdir("/") < 0) fail("switch root: %s", strerror(errno));
	say("starting /sbin/init");
	execve(argv[0], argv, environment);
	fail("%s: %s", argv[0], strerror(errno));
}
