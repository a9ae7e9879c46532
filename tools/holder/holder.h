/* minos-holder: keeps one node running on this host. Linux namespaces(7), cgroups(7), pivot_root(2). */
#ifndef MINOS_HOLDER_H
#define MINOS_HOLDER_H
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <dirent.h>
#include <limits.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

/* What the command line says; paths are absolute. */
struct options {
	const char *name, *root, *state, *ephemeral, *bridge, *veth, *log, *cgroup, *pidfile, *status;
	bool sweeps;                                             /* only clean up */
	char **program;                                          /* after `--`: what init runs instead of machined; NULL: nothing */
};

/* report.c */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void write_text(const char *path, const char *text);        /* best effort */
int replace_file(const char *path, const char *text);       /* whole or not at all; -1 and errno */

/* cgroup.c: the node's own directory in the host's cgroup v2, seen through a mount that only the holder has. */
bool cgroup_open(const char *name);                          /* false: this kernel has none; the node then has none */
void cgroup_enter(void);                                     /* the calling process */
void cgroup_kill(void);
void cgroup_remove(void);

/* link.c: the veth pair, by iproute2. */
bool link_make(const struct options *o, pid_t node);
void link_remove(const struct options *o);

/* node.c: what becomes PID 1. Never returns. */
_Noreturn void become_node(const struct options *o, int go);
#endif
