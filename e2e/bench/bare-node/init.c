/* PID 1 of the machine with which a boot is compared: gives eth0 its address and becomes Node, which stays PID 1. */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#define ADDRESS "10.0.2.15"

int main(void) {
	char *argv[] = { "/bin/node", "/server.js", NULL }, *environment[] = { NULL };
	struct ifreq request = { .ifr_name = "eth0" };
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	inet_pton(AF_INET, ADDRESS, &address.sin_addr);
	memcpy(&request.ifr_addr, &address, sizeof address);
	if (fd < 0 || ioctl(fd, SIOCSIFADDR, &request) < 0) perror("address of eth0");
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0) perror("eth0 up");
	execve(argv[0], argv, environment);
	perror(argv[0]);
	return 1;
}
