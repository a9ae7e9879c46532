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
