#include "holder.h"

void say(const char *format, ...) {
	char line[512] = "minos-holder: ";
	va_list rest;
	va_start(rest, format);
	vsnprintf(line + 14, sizeof line - 15, format, rest);
	va_end(rest);
	size_t length = strlen(line);
	line[length] = '\n';
	(void)!write(2, line, length + 1);
}

void write_text(const char *path, const char *text) {
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

int replace_file(const char *path, const char *text) {
	char next[PATH_MAX];
	snprintf(next, sizeof next, "%s.next", path);
	int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) return -1;
	bool whole = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return whole ? rename(next, path) : -1;
}
