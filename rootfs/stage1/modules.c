#include "stage1.h"

static void load(const char *name) {
	char path[PATH];
	snprintf(path, sizeof path, "/modules/%s.ko", name);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	/* One for hardware that is not there is no failure; what is needed is missed later, by name. */
	if (file < 0 || (syscall(SYS_finit_module, file, "", 0) < 0 && errno != EEXIST)) say("module %s: %s", name, strerror(errno));
	if (file >= 0) close(file);
}

void load_modules(void) {
	char name[64];
	int count = 0;
	FILE *order = fopen("/modules/order", "re");
	while (order && fscanf(order, "%63s", name) == 1) {
		load(name);
		count++;
	}
	if (order) fclose(order);
	say("%d kernel modules", count);
}
