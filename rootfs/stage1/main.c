#include "stage1.h"
enum { PATIENCE_S = 10, CONSOLE_NOTICE = 5, CONSOLE_CRITICAL = 2 };

static void put_line(int severity, const char *format, va_list rest) {
	char line[400];
	int start = snprintf(line, sizeof line, "<%d>[minos] stage 1: ", severity);
	vsnprintf(line + start, sizeof line - (size_t)start - 1, format, rest);
	strcat(line, "\n");
	int kernel_log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);   /* anew each time: the kernel limits lines for each open file */
	const char *text = kernel_log < 0 ? line + 3 : line;
	(void)!write(kernel_log < 0 ? 2 : kernel_log, text, strlen(text));
	if (kernel_log >= 0) close(kernel_log);
}

void say(const char *format, ...) {
	va_list rest;
	va_start(rest, format);
	put_line(CONSOLE_NOTICE, format, rest);
	va_end(rest);
}

void fail(const char *format, ...) {
	va_list rest;
	va_start(rest, format);
	put_line(CONSOLE_CRITICAL, format, rest);
	va_end(rest);
	say("this machine does not start; it restarts in %d s", PATIENCE_S);
	sleep(PATIENCE_S);
	reboot(RB_AUTOBOOT);
	for (;;) pause();
}

static void mount_kernel_file_systems(void) {
	static const struct { const char *type, *target; unsigned long flags; } table[] = {
		{ "devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC }, { "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC }, { "sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		mkdir(table[i].target, 0755);
		if (mount(table[i].type, table[i].target, table[i].type, table[i].flags, NULL) < 0) fail("mount %s: %s", table[i].target, strerror(errno));
	}
}

static void open_console(void) {
	int console = open("/dev/console", O_RDWR | O_NOCTTY);
	if (console < 0) console = open("/dev/null", O_RDWR);       /* Node aborts when fds 0 to 2 are closed */
	for (int fd = 0; fd < 3 && console >= 0; fd++) dup2(console, fd);
	if (console > 2) close(console);
}

/* Arguments and environment come from the kernel command line, and are not looked at. */
int main(void) {
	if (getpid() != 1) return 100;
	umask(022);
	mount_kernel_file_systems();
	open_console();
	load_modules();
	const char *image = find_image();
	if (access(CERTIFICATE, F_OK) == 0) image = open_verity(image);
	else say("the image is not checked: this initramfs has no certificate");
	enter_root(image);
}
