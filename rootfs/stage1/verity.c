/* Sets up dm-verity (Documentation/admin-guide/device-mapper/verity.rst) on the image, from the signed block behind its squashfs. */
#include "stage1.h"
#include <linux/dm-ioctl.h>
enum { SECTORS = BLOCK / 512, USED_AT = 40, TABLE_MAX = 1024 };
#define NAME "minos-root"

static uint64_t size_of(int device) {
	uint64_t bytes = 0;
	return ioctl(device, BLKGETSIZE64, &bytes) < 0 ? 0 : bytes;
}

/* How long the squashfs says that it is only leads to the seal: what counts is what the seal says, and that is signed. */
static void read_seal(const char *image, struct seal *seal) {
	uint64_t used = 0;
	int device = open(image, O_RDONLY | O_CLOEXEC);
	uint64_t size = device < 0 ? 0 : size_of(device);
	if (device < 0 || pread(device, &used, sizeof used, USED_AT) != sizeof used) fail("%s: %s", image, strerror(errno));
	if (used == 0 || used > size) fail("image refused: its squashfs is longer than %s", image);
	uint64_t blocks = (used + BLOCK - 1) / BLOCK;
	ssize_t n = pread(device, seal, sizeof *seal, (off_t)(blocks * BLOCK));
	close(device);
	if (n != sizeof *seal || memcmp(seal->magic, "MINOSVT1", sizeof seal->magic)) fail("image refused: no seal behind its squashfs");
	if (seal->signature_length == 0 || seal->signature_length > SIGNATURE_MAX) fail("image refused: its seal has no signature");
	if (!is_signed((const uint8_t *)seal, SEALED, seal)) fail("image refused: the signature of its root hash is wrong");
	if (seal->data_blocks != blocks || seal->hash_start != blocks + 1) fail("image refused: its seal is of another image");
}

static void hex(const uint8_t *bytes, size_t length, char *text) {
	for (size_t i = 0; i < length; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

static void device_mapper(int control, unsigned long request, void *buffer, const char *what) {
	struct dm_ioctl *io = buffer;
	io->version[0] = DM_VERSION_MAJOR;
	io->data_start = sizeof *io;
	io->data_size = sizeof *io + sizeof(struct dm_target_spec) + TABLE_MAX;
	snprintf(io->name, sizeof io->name, "%s", NAME);
	if (ioctl(control, request, buffer) < 0) fail("image refused: %s: %s", what, strerror(errno));
}

const char *open_verity(const char *image) {
	static _Alignas(8) char buffer[sizeof(struct dm_ioctl) + sizeof(struct dm_target_spec) + TABLE_MAX];
	static struct seal seal;
	static char device[PATH];
	char root_hash[65], salt[65];
	struct dm_ioctl *io = (void *)buffer;
	struct dm_target_spec *target = (void *)(buffer + sizeof *io);
	read_seal(image, &seal);
	hex(seal.root_hash, sizeof seal.root_hash, root_hash);
	hex(seal.salt, sizeof seal.salt, salt);
	int control = open("/dev/mapper/control", O_RDWR | O_CLOEXEC);
	if (control < 0) fail("device mapper: %s", strerror(errno));
	device_mapper(control, DM_DEV_CREATE, buffer, "create");
	snprintf(device, sizeof device, "/dev/dm-%u", (unsigned)(io->dev & 0xff));
	memset(buffer, 0, sizeof buffer);
	io->flags = DM_READONLY_FLAG;
	io->target_count = 1;
	target->length = seal.data_blocks * SECTORS;
	strcpy(target->target_type, "verity");
	snprintf((char *)(target + 1), TABLE_MAX, "1 %s %s %d %d %llu %llu sha256 %s %s", image, image, BLOCK, BLOCK,
	         (unsigned long long)seal.data_blocks, (unsigned long long)seal.hash_start, root_hash, salt);
	device_mapper(control, DM_TABLE_LOAD, buffer, "verity");
	memset(buffer, 0, sizeof buffer);
	device_mapper(control, DM_DEV_SUSPEND, buffer, "resume");
	close(control);
	say("image checked by verity, root hash %s", root_hash);
	return device;
}
