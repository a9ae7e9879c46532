/* Protocol v1 as bytes (README.md says what each means): a bounds-checked reader and the spawn request. No system calls. */
#ifndef MINOS_WIRE_H
#define MINOS_WIRE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROTOCOL_VERSION = 1, FRAME_MAX = 65536, HEADER_BYTES = 9, ID_MAX = 63, CGROUP_MAX = 128 };
enum { MAX_GROUPS = 64, MAX_ARGS = 256, MAX_ENV = 256, OOM_UNSET = INT32_MIN };
enum request { ASK_HELLO = 1, ASK_LIST, ASK_SPAWN, ASK_SIGNAL, ASK_ACK, ASK_READY, ASK_POWER };
enum answer { SAY_HELLO = 0x81, SAY_PROCESS, SAY_DONE, SAY_SIGNALLED, SAY_ERROR };
enum event { TELL_READY = 0x91, TELL_EXITED, TELL_UNMET, TELL_STOP };
enum problem { P_INVALID = 1, P_EXISTS, P_EXHAUSTED, P_INTERNAL };
enum power { POWER_REBOOT = 1, POWER_OFF, POWER_HALT };
enum demand { NEED_CGROUP = 1, NEED_NOFILE = 2, NEED_OOM = 4 };

/* A cursor over foreign bytes. After the first byte that is missing or wrong `bad` stays set and everything reads as 0 or "". */
struct reader { const uint8_t *at, *end; bool bad; };
uint64_t get_uint(struct reader *r, size_t bytes);          /* little endian, 1 to 8 bytes */
const char *get_text(struct reader *r, size_t max);         /* a C string inside the frame */
static inline bool at_end(const struct reader *r) { return !r->bad && r->at == r->end; }

/* A spawn request; texts point into the bytes that were parsed. Unset: cgroup "", nofile 0, oom OOM_UNSET. */
struct spec {
	const char *id, *cgroup;
	uint64_t caps;
	uint32_t uid, gid, nofile, groups[MAX_GROUPS];
	int32_t oom;
	uint8_t demands;
	uint16_t group_count, argc, envc;
	char *argv[MAX_ARGS + 1], *env[MAX_ENV + 1];
};
bool parse_spec(struct reader *r, struct spec *out);        /* false: the bytes are malformed */
const char *spec_problem(const struct spec *s);             /* NULL, or why well-formed values are refused */
#endif
