/* A signature, checked by the kernel alone: AF_ALG makes the digest, keyctl_pkey_verify(3) compares it with a certificate's key. */
#include "stage1.h"
#include <linux/if_alg.h>
#include <linux/keyctl.h>
enum { DIGEST = 32, CERTIFICATE_MAX = 4096 };

static bool digest_of(const uint8_t *bytes, size_t length, uint8_t *digest) {
	struct sockaddr_alg sha256 = { .salg_family = AF_ALG, .salg_type = "hash", .salg_name = "sha256" };
	int algorithm = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), work = -1;
	if (algorithm >= 0 && bind(algorithm, (struct sockaddr *)&sha256, sizeof sha256) == 0) work = accept4(algorithm, NULL, NULL, SOCK_CLOEXEC);
	bool is_done = work >= 0 && write(work, bytes, length) == (ssize_t)length && read(work, digest, DIGEST) == DIGEST;
	if (!is_done) say("sha256: %s", strerror(errno));
	if (work >= 0) close(work);
	if (algorithm >= 0) close(algorithm);
	return is_done;
}

/* The kernel takes the DER form of a certificate as an asymmetric key (Documentation/crypto/asymmetric-keys.rst). */
static long load_key(void) {
	static uint8_t certificate[CERTIFICATE_MAX];
	int file = open(CERTIFICATE, O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, certificate, sizeof certificate);
	if (file >= 0) close(file);
	long key = length <= 0 ? -1 : syscall(SYS_add_key, "asymmetric", "minos-image", certificate, (size_t)length, KEY_SPEC_PROCESS_KEYRING);
	if (key < 0) say("certificate: %s", strerror(errno));
	return key;
}

bool is_signed(const uint8_t *bytes, size_t length, const struct seal *seal) {
	uint8_t digest[DIGEST];
	long key = load_key();
	if (key < 0 || !digest_of(bytes, length, digest)) return false;
	struct keyctl_pkey_params parameters = { .key_id = (int32_t)key, .in_len = DIGEST, .in2_len = seal->signature_length };
	bool is_valid = syscall(SYS_keyctl, KEYCTL_PKEY_VERIFY, &parameters, "enc=pkcs1 hash=sha256", digest, seal->signature) == 0;
	if (!is_valid) say("signature: %s", strerror(errno));
	return is_valid;
}
