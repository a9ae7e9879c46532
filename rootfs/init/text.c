#include "init.h"

void say(const char *format, ...) {
	char line[256] = "init: ";
	va_list rest;
	va_start(rest, format);
	vsnprintf(line + 6, sizeof line - 7, format, rest);
	va_end(rest);
	size_t length = strlen(line);
	line[length] = '\n';
	(void)!write(2, line, length + 1);
}

int write_file(const char *path, const char *text) {
	int fd = open(path, O_WRONLY | O_CLOEXEC), failed = fd < 0 || write(fd, text, strlen(text)) < 0, error = errno;
	if (fd >= 0) close(fd);
	errno = error;
	return failed ? -1 : 0;
}
