#include "stage1.h"

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
