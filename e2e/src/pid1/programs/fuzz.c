/* Feeds the protocol of init with frames that are right, nearly right and no frames at all: `fuzz SEED ROUNDS`. Built with the
   address and undefined-behaviour sanitizers, which end it at the first wrong access. What init does with the requests is replaced. */
#include "init.h"
#include <assert.h>
#include <setjmp.h>

static uint64_t seed;
static jmp_buf ended;
static int closed, spawned, powered, fake_pid = 100;
bool is_container = true;

static uint32_t rnd(uint32_t below) {
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed * 0x2545F4914F6CDD1DULL) >> 33) % below;
}

uint64_t now_ms(void) { return 1; }
void say(const char *format, ...) { (void)format; }
void watch(int fd, enum source source, int slot, uint32_t events) { (void)fd, (void)source, (void)slot, (void)events; }
void unwatch(int *fd) { close(*fd), *fd = -1; }
uint32_t machined_starts(void) { return 7; }
void machined_is_ready(void) {}
void machined_hung_up(void) { closed = 1; }
uint8_t stop_pending(void) { return (uint8_t)rnd(4); }
bool signal_child(const char *id, int signo, bool group) { return strlen(id) <= ID_MAX && signo < NSIG && group; }
_Noreturn void end_machine(enum power action) {
	assert(action >= POWER_REBOOT && action <= POWER_HALT);
	powered++;
	longjmp(ended, 1);
}

/* Touches every text, and parses the bytes again as wrapperd does. */
int spawn_child(const struct spec *s, const uint8_t *bytes, size_t length, uint32_t request) {
	static struct spec again;
	size_t total = strlen(s->id) + strlen(s->cgroup);
	for (int i = 0; i < s->argc; i++) total += strlen(s->argv[i]);
	for (int i = 0; i < s->envc; i++) total += strlen(s->env[i]);
	assert(total < FRAME_MAX && !s->argv[s->argc] && !s->env[s->envc]);
	struct reader r = { bytes, bytes + length, false };
	assert(parse_spec(&r, &again) && !spec_problem(&again) && again.argc == s->argc && !strcmp(again.id, s->id));
	struct child *c = child_new(s->id);
	if (!c) return P_EXHAUSTED;
	c->pid = ++fake_pid;
	c->request = request;
	c->asker = rnd(2) ? 7 : 6;
	c->ended = rnd(2);
	c->wait_status = (int)rnd(65536);
	memset(c->report, 'x', rnd(REPORT_MAX));
	spawned++;
	say_process(request, c);
	if (c->ended) tell_exited(c);
	return 0;
}

struct bytes { uint8_t at[FRAME_MAX * 2]; size_t length; };

static void uint_to(struct bytes *b, uint64_t value, int bytes) {
	for (int i = 0; i < bytes && b->length < sizeof b->at; i++) b->at[b->length++] = (uint8_t)(value >> (8 * i));
}

static void text_to(struct bytes *b, const char *text) {
	uint_to(b, strlen(text), 2);
	for (; *text; text++) uint_to(b, (uint8_t)*text, 1);
	uint_to(b, 0, 1);
}

static void body_to(struct bytes *b, int type) {
	static const char *const ids[] = { "apid", "networkd", "a", "", "UPPER", "machined", "x-0123456789-0123456789-0123456789-0123456789-0123456789-01234567" };
	char usual[16];
	snprintf(usual, sizeof usual, "s-%u", rnd(700));
	const char *id = rnd(9) ? usual : ids[rnd(sizeof ids / sizeof *ids)];
	if (type == ASK_HELLO) uint_to(b, rnd(8) ? PROTOCOL_VERSION : rnd(65536), 2);
	if (type == ASK_SIGNAL) text_to(b, id), uint_to(b, rnd(100), 1), uint_to(b, rnd(3), 1);
	if (type == ASK_ACK) text_to(b, id), uint_to(b, rnd(600), 8);
	if (type == ASK_POWER) uint_to(b, rnd(5), 1);
	if (type != ASK_SPAWN) return;
	text_to(b, id);
	for (int i = 0; i < 25; i++) uint_to(b, i < 17 || rnd(4) ? rnd(256) : 0x80, 1);
	b->length -= 4, uint_to(b, rnd(6) ? (uint32_t)OOM_UNSET : rnd(1500), 4);
	text_to(b, rnd(9) ? "system/apid" : rnd(2) ? "../x" : "");
	uint32_t groups = rnd(9) ? rnd(5) : rnd(70), argc = rnd(20) ? 1 + rnd(6) : rnd(300), envc = rnd(20) ? rnd(4) : rnd(300);
	uint_to(b, groups, 2);
	for (uint32_t i = 0; i < groups; i++) uint_to(b, rnd(65536), 4);
	uint_to(b, argc, 2);
	for (uint32_t i = 0; i < argc; i++) text_to(b, i || !rnd(30) ? "argument" : "/sbin/apid");
	uint_to(b, envc, 2);
	for (uint32_t i = 0; i < envc; i++) text_to(b, rnd(90) ? "NAME=value" : "noequals");
}

static void frame_to(struct bytes *b, int type) {
	size_t start = b->length;
	uint_to(b, 0, 4), uint_to(b, (uint64_t)type, 1), uint_to(b, rnd(1 << 30), 4);
	body_to(b, type);
	uint32_t length = (uint32_t)(b->length - start - 4);
	if (!rnd(90)) length = rnd(3) ? length + rnd(9) - 4 : rnd(1u << 31);
	memcpy(b->at + start, &length, 4);
	if (!rnd(30)) b->at[start + 4 + rnd((uint32_t)(b->length - start - 4))] ^= (uint8_t)(1 << rnd(8));
	if (!rnd(90)) b->length -= rnd((uint32_t)(b->length - start));
}

static void drain(int fd) {
	static uint8_t sink[1 << 16];
	while (recv(fd, sink, sizeof sink, MSG_DONTWAIT) > 0) {}
}

static int pick(void) {
	static const int usual[] = { ASK_LIST, ASK_SPAWN, ASK_SPAWN, ASK_SPAWN, ASK_SPAWN, ASK_SIGNAL, ASK_ACK, ASK_READY };
	return rnd(60) == 0 ? ASK_POWER : rnd(60) == 0 ? (int)rnd(256) : usual[rnd(8)];
}

/* One connection: a greeting mostly, then frames in pieces; the answers are read, or not. */
static void converse(void) {
	static struct bytes b;
	int ends[2];
	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	closed = 0;
	connection_open(ends[0]);
	b.length = 0;
	if (rnd(20)) frame_to(&b, ASK_HELLO);
	for (uint32_t frames = rnd(60); frames > 0 && b.length < FRAME_MAX; frames--) frame_to(&b, pick());
	if (!rnd(30)) for (uint32_t junk = rnd(5000); junk > 0; junk--) uint_to(&b, rnd(256), 1);
	static bool reads;
	reads = rnd(5);
	if (setjmp(ended) == 0) {
		for (size_t sent = 0; sent < b.length && !closed;) {
			size_t part = 1 + rnd(rnd(4) ? 4000 : 3);
			ssize_t n = send(ends[1], b.at + sent, part < b.length - sent ? part : b.length - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
			if (n > 0) sent += (size_t)n;
			else if (!reads) break;
			connection_pump();
			if (reads) drain(ends[1]);
		}
		close(ends[1]), ends[1] = -1;
		connection_pump();
	}
	if (ends[1] >= 0) close(ends[1]);
	connection_close();
	if (!rnd(10)) for (int i = 0; i < SLOTS; i++) if (child_at(i)) child_at(i)->pid = 0;
}

int main(int argc, char **argv) {
	assert(argc == 3);
	seed = strtoull(argv[1], NULL, 10) * 2654435761u + 1;
	for (long rounds = atol(argv[2]); rounds > 0; rounds--) converse();
	printf("spawned %d powered %d\n", spawned, powered);
	return spawned > 0 && powered > 0 ? 0 : 1;
}
