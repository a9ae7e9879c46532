/* A library that leaves a mark as soon as anybody loads it, whatever it is called. */
#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor)) static void leave_mark(void) { close(open("/var/marks/library", O_CREAT | O_WRONLY, 0666)); }
