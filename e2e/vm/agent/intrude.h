/* What a process of a service could try on another process, as one line of what came of it. For tests only. */
#ifndef MINOS_INTRUDE_H
#define MINOS_INTRUDE_H
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>

/* An ordinary user without a way back. */
static int become(unsigned uid) {
	return setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -1 : 0;
}

/* `above` is the folder of /proc. The address is where an executable that is not relocated begins; any other gives EFAULT to one who may look. */
static void intrude(int pid, const char *above, char *line, size_t size) {
	char path[64], byte;
	struct iovec own = { &byte, 1 }, other = { (void *)0x400000, 1 };
	snprintf(path, sizeof path, "%s/proc/%d/mem", above, pid);
	const char *attached = ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 ? "done" : strerror(errno);
	const char *opened = open(path, O_RDWR | O_CLOEXEC) >= 0 ? "done" : strerror(errno);
	const char *read = process_vm_readv(pid, &own, 1, &other, 1, 0) == 1 || errno == EFAULT ? "done" : strerror(errno);
	snprintf(line, size, "attach %s, memory %s, read %s", attached, opened, read);
}
#endif
