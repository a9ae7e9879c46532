#include "init.h"
enum { FIFOS = SLOTS + 8, PIPE_BYTES = 1 << 20 };
static struct fifo { char id[ID_MAX + 1]; int fd; } fifos[FIFOS];

static const char *path_of(const char *id) {
	static char path[ID_MAX + 16];
	snprintf(path, sizeof path, "/run/init/%.63s.log", id);
	return path;
}

/* That of the id; or for a new one a free place, or the place of a service that nobody remembers. NULL: all are in use. */
static struct fifo *find(const char *id, bool for_new) {
	for (struct fifo *f = fifos; f < fifos + FIFOS; f++)
		if (for_new ? f->fd == 0 : f->fd > 0 && !strcmp(f->id, id)) return f;
	for (struct fifo *f = fifos; for_new && f < fifos + FIFOS; f++) {
		if (!strcmp(f->id, "machined") || child_living(f->id) || child_ended(f->id, 0)) continue;
		unlink(path_of(f->id));
		close(f->fd);
		return f;
	}
	return NULL;
}

int fifo_writer(const char *id) {
	if (!find(id, false)) {
		struct fifo *f = find(id, true);
		if (!f || (mkfifo(path_of(id), 0600) < 0 && errno != EEXIST)) return -1;
		memset(f, 0, sizeof *f);
		int fd = open(path_of(id), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0) return -1;
		(void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);            /* smaller is what an unprivileged kernel gives */
		f->fd = fd;
		memcpy(f->id, id, strlen(id));
	}
	return open(path_of(id), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

void fifo_to_console(const char *id) {
	char part[4096];
	struct fifo *f = find(id, false);
	ssize_t n;
	while (f && (n = read(f->fd, part, sizeof part)) > 0 && write(2, part, (size_t)n) > 0) {}
}
