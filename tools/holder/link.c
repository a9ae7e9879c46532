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

/* Of the node's end, the same at every start (FNV-1a over its names, locally administered): neighbours that remember it stay right. */
static void ether_address(const struct options *o, char text[18]) {
	uint64_t hash = 0xcbf29ce484222325u;
	const char *names[] = { o->name, o->bridge ? o->bridge : "", o->veth };
	for (int i = 0; i < 3; i++)
		for (const char *c = names[i]; ; c++) {
			hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
			if (!*c) break;
		}
	snprintf(text, 18, "02:%02x:%02x:%02x:%02x:%02x", (unsigned)(hash >> 32) & 255, (unsigned)(hash >> 24) & 255,
	         (unsigned)(hash >> 16) & 255, (unsigned)(hash >> 8) & 255, (unsigned)hash & 255);
}

/* The kernel takes the old pair away some time after the node's network namespace, so the old name may still be there. */
bool link_make(const struct options *o, pid_t node) {
	char pid[16], address[18];
	struct timespec pause = { .tv_nsec = 50000000 };
	bool made = false;
	if (!o->veth) return true;
	snprintf(pid, sizeof pid, "%d", (int)node);
	ether_address(o, address);
	for (int tries = 0; !made && tries < 20; tries++) {
		link_remove(o);
		made = ip(tries < 19, (char *[]){ "ip", "link", "add", (char *)o->veth, "type", "veth", "peer", "name", "eth0",
		                               "address", address, "netns", pid, NULL });
		if (!made) nanosleep(&pause, NULL);
	}
	if (!made) return false;
	if (o->bridge && !ip(false, (char *[]){ "ip", "link", "set", (char *)o->veth, "master", (char *)o->bridge, NULL })) return false;
	return ip(false, (char *[]){ "ip", "link", "set", (char *)o->veth, "up", NULL });
}
