#include "init.h"

enum { FIFOS = SLOTS + 8, PIPE_BYTES = 1 << 20 };
static struct { char id[ID_MAX + 1]; int fd; } fifos[FIFOS];

static const char *path_of(const char *id) {
	static char path[ID_MAX + 16];
	snprintf(path, sizeof path, "/run/init/%.63s.log", id);
	return path;
}

static int find(const char *id) {
	for (int i = 0; i < FIFOS; i++)
		if (fifos[i].fd > 0 && !strcmp(fifos[i].id, id)) return i;
	return -1;
}

/* A free place; when there is none, that of a service nobody remembers. */
static int place(void) {
	for (int i = 0; i < FIFOS; i++)
		if (fifos[i].fd <= 0) return i;
	for (int i = 0; i < FIFOS; i++) {
		if (!strcmp(fifos[i].id, "machined") || child_known(fifos[i].id)) continue;
		unlink(path_of(fifos[i].id));
		close(fifos[i].fd);
		fifos[i].fd = 0;
		return i;
	}
	return -1;
}

int fifo_writer(const char *id) {
	const char *path = path_of(id);
	if (find(id) < 0) {
		int i = place();
		if (i < 0 || (mkfifo(path, 0600) < 0 && errno != EEXIST)) return -1;
		int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0) return -1;
		(void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);            /* smaller is what an unprivileged kernel gives */
		fifos[i].fd = fd;
		strncpy(fifos[i].id, id, ID_MAX);
	}
	return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

void fifo_to_console(const char *id) {
	char part[4096];
	int i = find(id);
	ssize_t n;
	while (i >= 0 && (n = read(fifos[i].fd, part, sizeof part)) > 0)
		if (write(2, part, (size_t)n) < 0) return;
}
