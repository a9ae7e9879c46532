/* For tests only, and only in their initramfs: starts stage 1, and stays behind as a process of the guest that obeys the second
   serial line. It lives in the file system of the initramfs, so what stage 1 and init make of the root does not concern it.
   One command a line, one answer a line. With the argument `scan` it reads the whole image through verity and turns the machine off. */
#include "intrude.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
enum { WORDS = 16, SERIAL_MAJOR = 4, SECOND_SERIAL = 65, BLOCK = 4096, PAUSE_US = 20000, MIB = 1 << 20 };
static int line = -1;

__attribute__((format(printf, 1, 2))) static void answer(const char *format, ...) {
	va_list rest;
	va_start(rest, format);
	vdprintf(line, format, rest);
	va_end(rest);
	dprintf(line, "\n");
}

static int read_file(const char *path, char *text, size_t size) {
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = file < 0 ? -1 : read(file, text, size - 1);
	if (file >= 0) close(file);
	text[n > 0 ? n : 0] = 0;
	return (int)n;
}

/* The process that was started as /sbin/<name>; 0 when there is none. */
static int find_program(const char *name) {
	char path[64], arguments[512];
	int found = 0;
	DIR *dir = opendir("/agent/proc");
	for (struct dirent *e; dir && !found && (e = readdir(dir));) {
		int pid = atoi(e->d_name);
		snprintf(path, sizeof path, "/agent/proc/%d/cmdline", pid);
		int length = pid > 0 ? read_file(path, arguments, sizeof arguments) : 0;
		if (length > 6 && !strncmp(arguments, "/sbin/", 6) && !strcmp(arguments + 6, name)) found = pid;
	}
	if (dir) closedir(dir);
	return found;
}

static void kill_program(const char *name) {
	int pid = find_program(name);
	if (pid > 0 && kill(pid, SIGKILL) == 0) answer("killed %d", pid);
	else answer("error %s is not there", name);
}

/* The program gets no more memory from the kernel (RLIMIT_DATA), so that its heap cannot grow: V8 runs out, whatever it allocates next. */
static void starve_program(const char *name) {
	int pid = find_program(name);
	if (pid > 0 && prlimit(pid, RLIMIT_DATA, &(struct rlimit){ 0, 0 }, NULL) == 0) answer("starved %d", pid);
	else answer("error %s is not there, or cannot be limited", name);
}

/* A process in somebody's cgroup that takes more and more memory, until it has it all or is killed. */
static void fill(const char *group, long mib) {
	char path[256], pid[16];
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		snprintf(path, sizeof path, "/agent/cgroup/%s/cgroup.procs", group);
		snprintf(pid, sizeof pid, "0\n");
		int procs = open(path, O_WRONLY | O_CLOEXEC);
		if (procs < 0 || write(procs, pid, strlen(pid)) < 0) _exit(111);
		for (long i = 0; i < mib; i++) {
			char *memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			if (memory == MAP_FAILED) _exit(1);
			memset(memory, 1, MIB);
		}
		_exit(0);
	}
	waitpid(child, &status, 0);
	answer("filled %s %d", WIFSIGNALED(status) ? "signal" : "code", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* Sends SIGUSR1, which opens the debugger of an ordinary Node. */
static void wake_debugger(const char *name) {
	int pid = find_program(name);
	if (pid > 0 && kill(pid, SIGUSR1) == 0) answer("signalled %d", pid);
	else answer("error %s is not there", name);
}

/* As a user, tries to get into a program, or with the name `sleeper` into an ordinary process of that user. */
static void intrude_as(unsigned uid, const char *name) {
	char said[128] = "";
	int ends[2], sleeper = 0;
	if (!strcmp(name, "sleeper") && (sleeper = fork()) == 0) {
		if (become(uid) < 0 || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) _exit(111);
		for (;;) pause();
	}
	if (sleeper) usleep(20 * PAUSE_US);
	int pid = sleeper ? sleeper : find_program(name);
	if (pipe(ends) < 0) return answer("error pipe");
	pid_t child = fork();
	if (child == 0) {
		if (become(uid) < 0) _exit(111);
		intrude(pid, "/agent", said, sizeof said);
		_exit(write(ends[1], said, strlen(said)) < 0);
	}
	waitpid(child, NULL, 0);
	close(ends[1]);
	ssize_t n = read(ends[0], said, sizeof said - 1);
	said[n > 0 ? n : 0] = 0;
	close(ends[0]);
	if (sleeper) kill(sleeper, SIGKILL), waitpid(sleeper, NULL, 0);
	answer("%s", said);
}

/* Who may look into a process, besides what the process itself allows (Documentation/admin-guide/LSM/Yama.rst). */
static void set_ptrace_scope(const char *scope) {
	int file = open("/agent/proc/sys/kernel/yama/ptrace_scope", O_WRONLY | O_CLOEXEC);
	bool is_set = file >= 0 && write(file, scope, strlen(scope)) > 0;
	if (file >= 0) close(file);
	answer(is_set ? "scope %s" : "error scope %s", scope);
}

/* Runs a program in the root of the node, as root, with the words before its path as its environment. */
static void run_program(char *text) {
	char *words[WORDS + 1] = { NULL }, *environment[WORDS + 1] = { NULL };
	int count = 0, variables = 0, status = 0;
	for (char *word = strtok(text, " "); word && count < WORDS && variables < WORDS; word = strtok(NULL, " ")) {
		if (count == 0 && word[0] != '/') environment[variables++] = word;
		else words[count++] = word;
	}
	pid_t child = count ? fork() : -1;
	if (child == 0) {
		if (chroot("/agent/proc/1/root") < 0 || chdir("/var/planted") < 0) _exit(111);
		int null = open("/dev/null", O_RDWR);
		for (int fd = 0; fd < 3; fd++) dup2(null, fd);
		execve(words[0], words, environment);
		_exit(127);
	}
	waitpid(child, &status, 0);
	answer("ran %s %d", WIFSIGNALED(status) ? "signal" : "code", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* What a virtual terminal shows, as one line (vcs(4)); what is no ASCII becomes a question mark. */
static void show_screen(const char *name) {
	static char cells[1 << 15];
	char path[64];
	snprintf(path, sizeof path, "/agent/proc/1/root/dev/vcs%.8s", name);
	int length = read_file(path, cells, sizeof cells);
	for (int i = 0; i < length; i++) if (cells[i] < ' ' || cells[i] > '~') cells[i] = '?';
	answer(length > 0 ? "%s" : "error no screen%s", cells);
}

static void obey(char *command) {
	char word[16] = "", name[128] = "";
	long number = 0;
	if (!strncmp(command, "run ", 4)) return run_program(command + 4);
	int fields = sscanf(command, "%15s %127s %ld", word, name, &number);
	if (fields >= 1 && !strcmp(word, "ping")) answer("pong");
	else if (fields >= 2 && !strcmp(word, "pid")) answer("pid %d", find_program(name));
	else if (fields >= 2 && !strcmp(word, "kill")) kill_program(name);
	else if (fields >= 2 && !strcmp(word, "starve")) starve_program(name);
	else if (fields >= 3 && !strcmp(word, "fill")) fill(name, number);
	else if (fields >= 2 && !strcmp(word, "screen")) show_screen(name);
	else if (fields >= 2 && !strcmp(word, "wake")) wake_debugger(name);
	else if (fields >= 2 && !strcmp(word, "scope")) set_ptrace_scope(name);
	else if (fields >= 3 && !strcmp(word, "intrude")) intrude_as((unsigned)number, name);
	else answer("error unknown command");
}

/* Reads every block of the image through verity, and names those that it does not hand out. */
static void scan(void) {
	static _Alignas(BLOCK) char block[BLOCK];
	uint64_t size = 0;
	int device = -1;
	mkdir("/agent/dev", 0700);
	if (mount("devtmpfs", "/agent/dev", "devtmpfs", 0, NULL) < 0) _exit(111);
	for (; size == 0; usleep(PAUSE_US)) {                     /* the device is there before it has a table */
		if (device < 0) device = open("/agent/dev/dm-0", O_RDONLY | O_DIRECT | O_CLOEXEC);
		if (device < 0 || ioctl(device, BLKGETSIZE64, &size) < 0) size = 0;
	}
	long number = 0, bad = 0;
	for (;; number++) {
		ssize_t n = pread(device, block, BLOCK, (off_t)number * BLOCK);
		if (n == 0) break;
		if (n < 0) bad++, answer("unreadable %ld", number);
	}
	answer("scanned %ld unreadable %ld", number, bad);
	tcdrain(line);
	reboot(RB_POWER_OFF);
}

static void open_line(void) {
	struct termios raw;
	mknod("/agent/serial", S_IFCHR | 0600, makedev(SERIAL_MAJOR, SECOND_SERIAL));
	line = open("/agent/serial", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (line < 0 || tcgetattr(line, &raw) < 0) return;
	cfmakeraw(&raw);
	tcsetattr(line, TCSANOW, &raw);
}

static void serve(void) {
	char command[256];
	size_t length = 0;
	for (;;) {
		ssize_t n = read(line, command + length, 1);
		if (n < 0 && errno != EINTR) _exit(111);
		if (n <= 0) continue;
		if (command[length] != '\n' && length < sizeof command - 2) {
			length++;
			continue;
		}
		command[length] = 0;
		length = 0;
		obey(command);
	}
}

int main(int argc, char **argv) {
	char *stage1[] = { "/init", NULL }, *environment[] = { NULL };
	bool is_scan = argc > 1 && !strcmp(argv[1], "scan");
	mkdir("/agent", 0711);                                     /* open to those whom `intrude` becomes */
	open_line();
	if (line >= 0 && fork() == 0) {
		setsid();
		mkdir("/agent/proc", 0700);
		mkdir("/agent/cgroup", 0700);
		if (is_scan) scan();
		if (mount("proc", "/agent/proc", "proc", 0, NULL) < 0 || mount("cgroup2", "/agent/cgroup", "cgroup2", 0, NULL) < 0) _exit(111);
		answer("ready");
		serve();
	}
	execve(stage1[0], stage1, environment);
	return 111;
}
