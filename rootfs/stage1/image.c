#include "stage1.h"
#include <linux/loop.h>
enum { TRIES = 200, PAUSE_US = 50000, DEVICES = 128 };
static char found[PATH];

static bool has_squashfs(const char *path) {
	char magic[4];
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool yes = file >= 0 && pread(file, magic, sizeof magic, 0) == sizeof magic && !memcmp(magic, "hsqs", sizeof magic);
	if (file >= 0) close(file);
	return yes;
}

/* Loop devices have no content of their own. */
static int is_candidate(const struct dirent *e) { return e->d_name[0] != '.' && strncmp(e->d_name, "loop", 4) != 0; }

/* The first in alphabetical order, so that the same disks always give the same answer. */
static bool find_on_disk(void) {
	struct dirent **names = NULL;
	bool is_found = false;
	int count = scandir("/sys/class/block", &names, is_candidate, alphasort);
	for (int i = 0; i < count; i++) {
		if (!is_found) {
			snprintf(found, sizeof found, "/dev/%s", names[i]->d_name);
			is_found = has_squashfs(found);
		}
		free(names[i]);
	}
	free(names);
	return is_found;
}

static void attach(const char *file) {
	struct loop_config config = { .info = { .lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR } };
	int backing = open(file, O_RDONLY | O_CLOEXEC), control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int number = control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE);
	snprintf(found, sizeof found, "/dev/loop%d", number);
	int device = number < 0 ? -1 : open(found, O_RDONLY | O_CLOEXEC);   /* stays open until the exec: until then AUTOCLEAR must wait */
	config.fd = (uint32_t)backing;
	if (device < 0 || backing < 0 || ioctl(device, LOOP_CONFIGURE, &config) < 0) fail("loop device for %s: %s", file, strerror(errno));
	close(backing);
	close(control);
}

const char *find_image(void) {
	if (access("/rootfs.sqsh", F_OK) == 0) {
		attach("/rootfs.sqsh");
		say("image in the initramfs, on %s", found);
		return found;
	}
	for (int tries = 0; tries < TRIES; tries++) {
		if (find_on_disk()) {
			say("image on %s", found);
			return found;
		}
		if (tries == 0) say("waiting for a disk with an image");
		usleep(PAUSE_US);
	}
	fail("no disk has an image");
}
