#include "init.h"
static int poller = -1;

uint64_t now_ms(void) {
	struct timespec t;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void watch(int fd, enum source source, int slot, uint32_t events) {
	if (poller < 0) poller = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event e = { .events = events, .data.u64 = (uint64_t)source << 32 | (uint32_t)slot };
	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e) < 0 && epoll_ctl(poller, EPOLL_CTL_MOD, fd, &e) < 0) say("epoll: %s", strerror(errno));
}

void unwatch(int *fd) {
	epoll_ctl(poller, EPOLL_CTL_DEL, *fd, NULL);             /* a forked child may still have it open */
	close(*fd), *fd = -1;
}

int watched(struct epoll_event *batch, int size, int wait_ms) { return epoll_wait(poller, batch, size, wait_ms); }
