/* What the parts of PID 1 share. One thread, one loop, no allocation. */
#ifndef MINOS_INIT_H
#define MINOS_INIT_H
#include "wire.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
enum { SLOTS = 512, REPORT_MAX = 320, OUT_MAX = 1 << 19 };
enum source { FROM_SIGNALS, FROM_MACHINED, FROM_STATUS, FROM_READY };
extern bool is_container;
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));   /* text.c: one line on the console */
int write_file(const char *path, const char *text);         /* 0, or -1 and errno; makes no file */
uint64_t now_ms(void);                                      /* watch.c: monotonic */
void watch(int fd, enum source source, int slot, uint32_t events);         /* also changes what is watched for */
void unwatch(int *fd);                                      /* stops watching, closes, sets -1 */
int watched(struct epoll_event *batch, int size, int wait_ms);   /* what has happened, like epoll_wait(2) */
/* table.c: the processes that machined asked for, until it has acknowledged their end. */
struct child {
	uint64_t generation, started_ms;                         /* wall clock */
	pid_t pid;                                               /* 0: free slot */
	bool is_ready, ended, failed;                            /* failed: wrapperd could not run the program */
	int wait_status, ready_fd, status_fd;                    /* status_fd >= 0: wrapperd has not run the program yet */
	uint32_t request, asker;                                 /* who waits for the answer to the spawn request */
	size_t report_length;
	char id[ID_MAX + 1], cgroup[CGROUP_MAX + 1], report[REPORT_MAX];
};
struct child *child_at(int slot);
struct child *child_new(const char *id);                    /* NULL: table full */
struct child *child_living(const char *id), *child_by_pid(pid_t pid);
struct child *child_ended(const char *id, uint64_t generation);            /* generation 0: any */
int child_slot(const struct child *c);
/* fifo.c: /run/init/<id>.log, held open so that no writer gets EPIPE. */
int fifo_writer(const char *id);                            /* a new non-blocking write end, or -1 */
void fifo_to_console(const char *id);
int spawn_child(const struct spec *s, const uint8_t *bytes, size_t length, uint32_t request);   /* 0 or an enum problem */
void spawn_status(struct child *c), spawn_ready(struct child *c);          /* read what wrapperd and the program report */
bool signal_child(const char *id, int signo, bool group);
void enter_program(int output, const int *more, int count); /* in a forked child: session, signals, fds 0 to 2, `more` at 3 and up */
void reap_all(void);
uint32_t machined_starts(void);
void machined_tick(uint64_t now);                           /* starts it when due, kills it when stuck */
uint64_t machined_deadline(void);                           /* when the next tick is due; UINT64_MAX: never */
void machined_reaped(pid_t pid, int status);                /* or somebody's orphan was */
void machined_is_ready(void), machined_hung_up(void);       /* hung up: the connection is gone; it must go too */
bool machined_is_serving(void);
void machined_program(int argc, char **argv);
/* protocol.c: the connection to machined. Everything may be called without one. */
void connection_open(int fd), connection_close(void);
void requests_from(const char *path);                       /* as of a machined that has died since: nobody hears the answers */
void connection_pump(void);                                 /* reads, handles, writes what there is */
void say_error(uint32_t request, enum problem kind, const char *text);
void say_process(uint32_t request, const struct child *c);
void tell_ready(const struct child *c), tell_exited(const struct child *c), tell_unmet(const struct child *c);
void tell_stop(enum power action);
void stop_requested(enum power action);                     /* machined gets the chance first */
uint8_t stop_pending(void);                                 /* 0 or an enum power */
uint64_t stop_deadline(void);
void stop_tick(uint64_t now);
_Noreturn void end_machine(enum power action);
void mount_all(void);                                       /* mounts.c */
int wrapperd(void);                                         /* wrapper.c */
#endif
