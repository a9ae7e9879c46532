/* A configuration that is attached to the initramfs is handed on unread, in a tmpfs that becomes the /run of the node. */
#include "stage1.h"
#include <sys/sendfile.h>
#define ATTACHED "/config.yaml"
#define RUN "/root/run"
#define HANDED_ON RUN "/stage1/config.yaml"

static bool copy(int from, int to) {
	ssize_t n;
	while ((n = sendfile(to, from, NULL, 1 << 20)) > 0) continue;
	return n == 0;
}

void hand_on_config(void) {
	int from = open(ATTACHED, O_RDONLY | O_CLOEXEC);
	if (from < 0) return;
	if (mount("tmpfs", RUN, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0) fail("mount %s: %s", RUN, strerror(errno));
	mkdir(RUN "/stage1", 0700);
	int to = open(HANDED_ON, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0 || !copy(from, to)) fail("configuration in the initramfs: %s", strerror(errno));
	close(from);
	close(to);
	say("configuration in the initramfs");
}
