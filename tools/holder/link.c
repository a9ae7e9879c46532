#include "holder.h"

/* Runs iproute2 and says whether it did what it was told. */
static bool ip(bool quiet, char *const argv[]) {
	int status = -1;
	pid_t pid = fork();
	if (pid == 0) {
		char *env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		int null = open("/dev/null", O_RDWR);
		if (quiet && null >= 0) dup2(null, 2);
		execvpe("ip", argv, env);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void link_remove(const struct options *o) {
	if (o->veth) ip(true, (char *[]){ "ip", "link", "del", (char *)o->veth, NULL });
}

/* The kernel takes the old pair away some time after the node's network namespace, so the old name may still be there. */
bool link_make(const struct options *o, pid_t node) {
	char pid[16];
	struct timespec pause = { .tv_nsec = 50000000 };
	bool made = false;
	if (!o->veth) return true;
	snprintf(pid, sizeof pid, "%d", (int)node);
	for (int tries = 0; !made && tries < 20; tries++) {
		link_remove(o);
		made = ip(tries < 19, (char *[]){ "ip", "link", "add", (char *)o->veth, "type", "veth", "peer", "name", "eth0", "netns", pid, NULL });
		if (!made) nanosleep(&pause, NULL);
	}
	if (!made) return false;
	if (o->bridge && !ip(false, (char *[]){ "ip", "link", "set", (char *)o->veth, "master", (char *)o->bridge, NULL })) return false;
	return ip(false, (char *[]){ "ip", "link", "set", (char *)o->veth, "up", NULL });
}
