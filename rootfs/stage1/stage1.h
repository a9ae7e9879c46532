/* What the parts of stage 1 share. It runs once, forwards, and ends in the exec of /sbin/init. */
#ifndef MINOS_STAGE1_H
#define MINOS_STAGE1_H
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
enum { BLOCK = 4096, PATH = 300, SEALED = 88, SIGNATURE_MAX = 1024 };
#define CERTIFICATE "/certificate.der"                       /* in the initramfs: then the image must be signed */
/* The block after the squashfs, before its hash tree. Little endian; the first SEALED bytes are what is signed. */
struct seal {
	char magic[8];
	uint64_t data_blocks, hash_start;                        /* blocks of 4096 bytes */
	uint8_t salt[32], root_hash[32];
	uint32_t signature_length;
	uint8_t signature[SIGNATURE_MAX];
} __attribute__((packed));
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));   /* one line in the kernel log, so on the console */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));   /* says why, waits, restarts the machine */
void load_modules(void);                                     /* those in /modules, in the order of /modules/order */
const char *find_image(void);                                /* a block device that begins with a squashfs; fails when none comes */
const char *open_verity(const char *image);                  /* the device that checks what it reads; fails on any mismatch */
bool is_signed(const uint8_t *bytes, size_t length, const struct seal *seal);   /* asks the kernel; false says why in the log */
void hand_on_config(void);                                   /* what machined finds as /run/stage1/config.yaml */
_Noreturn void enter_root(const char *device);
#endif
