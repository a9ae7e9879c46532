#include "init.h"
static struct {
	int fd;                                                  /* 0: none */
	bool greeted, broken, gone;
	size_t in_length, out_length;
	uint8_t in[FRAME_MAX], out[OUT_MAX];
} link_;

static void put_uint(uint64_t value, size_t bytes) {
	link_.broken |= OUT_MAX - link_.out_length < bytes;       /* a reader this slow starts again: all of it can be listed */
	for (size_t i = 0; i < bytes && !link_.broken; i++) link_.out[link_.out_length++] = (uint8_t)(value >> (8 * i));
}

/* One frame; `format` has a digit for each number, which is its size in bytes, and a t for each text. */
static void emit(uint8_t type, uint32_t request, const char *format, ...) {
	size_t start = link_.out_length;
	va_list values;
	if (link_.fd <= 0 || link_.broken || !link_.greeted) return;
	put_uint(0, 4);
	put_uint(type, 1);
	put_uint(request, 4);
	va_start(values, format);
	for (; *format; format++) {
		if (*format != 't') {
			put_uint(*format == '8' ? va_arg(values, uint64_t) : va_arg(values, unsigned), (size_t)(*format - '0'));
			continue;
		}
		const char *text = va_arg(values, const char *);
		put_uint(strlen(text), 2);
		for (; *text; text++) put_uint((uint8_t)*text, 1);
		put_uint(0, 1);
	}
	va_end(values);
	for (size_t i = 0; i < 4 && !link_.broken; i++) link_.out[start + i] = (uint8_t)((link_.out_length - start - 4) >> (8 * i));
}

void say_error(uint32_t request, enum problem kind, const char *text) { emit(SAY_ERROR, request, "1t", kind, text); }
void tell_ready(const struct child *c) { emit(TELL_READY, 0, "t8", c->id, c->generation); }
void tell_unmet(const struct child *c) { emit(TELL_UNMET, 0, "t8t", c->id, c->generation, c->report); }
void tell_stop(enum power action) { emit(TELL_STOP, 0, "1", action); }

/* Three bytes: 0 living, 1 exited, 2 signalled; the code or signal; 1 when a core was dumped. */
static unsigned end_of(const struct child *c) {
	unsigned status = (unsigned)c->wait_status;
	if (!c->ended) return 0;
	return WIFEXITED(status) ? 1U | WEXITSTATUS(status) << 8 : 2U | WTERMSIG(status) << 8 | (WCOREDUMP(status) ? 1U << 16 : 0);
}

void tell_exited(const struct child *c) { emit(TELL_EXITED, 0, "t843", c->id, c->generation, (unsigned)c->pid, end_of(c)); }
void say_process(uint32_t request, const struct child *c) {
	emit(SAY_PROCESS, request, "t84813t", c->id, c->generation, (unsigned)c->pid, c->started_ms, c->is_ready, end_of(c), c->report);
}

static void on_hello(uint32_t request, struct reader *r) {
	link_.broken |= get_uint(r, 2) != PROTOCOL_VERSION || !at_end(r) || link_.greeted;
	link_.greeted = true;
	emit(SAY_HELLO, request, "24", PROTOCOL_VERSION, machined_starts());
	if (stop_pending()) tell_stop((enum power)stop_pending());
}

/* A start that its asker still waits for is no process yet; one whose asker is gone is. */
static void on_list(uint32_t request) {
	for (int i = 0; i < SLOTS; i++) {
		const struct child *c = child_at(i);
		if (c && !(c->asker == machined_starts() && (c->failed || c->status_fd >= 0))) say_process(request, c);
	}
	emit(SAY_DONE, request, "");
}

static void on_spawn(uint32_t request, struct reader *r) {
	static struct spec spec;
	const uint8_t *bytes = r->at;
	if (!parse_spec(r, &spec)) return;
	const char *why = spec_problem(&spec);
	if (why) return say_error(request, P_INVALID, why);
	if (child_living(spec.id)) return say_error(request, P_EXISTS, "a process lives under this id");
	int failed = spawn_child(&spec, bytes, (size_t)(r->end - bytes), request);
	if (failed) say_error(request, (enum problem)failed, failed == P_EXHAUSTED ? "too many processes" : strerror(errno));
}

static void on_signal(uint32_t request, struct reader *r) {
	const char *id = get_text(r, ID_MAX);
	int signo = (int)get_uint(r, 1), group = (int)get_uint(r, 1);
	if (!at_end(r)) return;
	if (signo < 1 || signo >= NSIG) return say_error(request, P_INVALID, "no such signal");
	emit(SAY_SIGNALLED, request, "1", signal_child(id, signo, group));
}

static void on_ack(uint32_t request, struct reader *r) {
	const char *id = get_text(r, ID_MAX);
	uint64_t generation = get_uint(r, 8);
	struct child *c = generation ? child_ended(id, generation) : NULL;
	if (c && at_end(r)) c->pid = 0;
	emit(SAY_DONE, request, "");
}

static void handle(uint8_t type, uint32_t request, struct reader *r) {
	uint64_t power = 0;
	if (!link_.greeted && type != ASK_HELLO) r->bad = true;
	else if (type == ASK_HELLO) on_hello(request, r);
	else if (type == ASK_LIST && at_end(r)) on_list(request);
	else if (type == ASK_SPAWN) on_spawn(request, r);
	else if (type == ASK_SIGNAL) on_signal(request, r);
	else if (type == ASK_ACK) on_ack(request, r);
	else if (type == ASK_READY && at_end(r)) machined_is_ready(), emit(SAY_DONE, request, "");
	else if (type == ASK_POWER) power = get_uint(r, 1);
	else r->bad = true;
	r->bad |= type == ASK_POWER && (power < POWER_REBOOT || power > POWER_HALT);
	if (power && at_end(r)) end_machine((enum power)power);
	link_.broken |= !at_end(r);
}

/* Handles whole frames while there is room for the longest answer. */
static void handle_all(void) {
	size_t used = 0;
	while (!link_.broken && link_.out_length < OUT_MAX / 2 && link_.in_length - used >= HEADER_BYTES) {
		struct reader r = { link_.in + used, link_.in + link_.in_length, false };
		uint64_t length = get_uint(&r, 4);
		if (length < HEADER_BYTES - 4 || length > FRAME_MAX - 4) link_.broken = true;
		if (link_.broken || length > link_.in_length - used - 4) break;
		r.end = r.at + length;
		used += 4 + length;
		uint8_t type = (uint8_t)get_uint(&r, 1);
		handle(type, (uint32_t)get_uint(&r, 4), &r);
	}
	memmove(link_.in, link_.in + used, link_.in_length - used);
	link_.in_length -= used;
}

static void send_out(void) {
	ssize_t n = link_.out_length ? send(link_.fd, link_.out, link_.out_length, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
	link_.gone |= n < 0 && errno != EAGAIN && errno != EINTR;
	if (n <= 0) return;
	memmove(link_.out, link_.out + n, link_.out_length - (size_t)n);
	link_.out_length -= (size_t)n;
}

void connection_pump(void) {
	if (link_.fd <= 0) return;
	if (link_.in_length < FRAME_MAX && link_.out_length < OUT_MAX / 2) {
		ssize_t n = recv(link_.fd, link_.in + link_.in_length, FRAME_MAX - link_.in_length, MSG_DONTWAIT);
		if (n > 0) link_.in_length += (size_t)n;
		link_.gone |= n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	}
	for (size_t before = link_.in_length + 1; link_.in_length != before && !link_.broken; send_out()) {
		before = link_.in_length;
		handle_all();
	}
	if (link_.broken) say("machined spoke the protocol wrongly or does not read; its connection is closed");
	if (link_.broken || link_.gone) return connection_close(), machined_hung_up();
	watch(link_.fd, FROM_MACHINED, 0, (link_.out_length < OUT_MAX / 2 ? EPOLLIN : 0) | (link_.out_length ? EPOLLOUT : 0));
}

void requests_from(const char *path) {
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, link_.in, FRAME_MAX);
	if (fd >= 0) close(fd);
	link_.in_length = n > 0 ? (size_t)n : 0, link_.greeted = true;
	handle_all();
	if (link_.in_length || link_.broken) say("%s is damaged; machined starts what is in it", path);
	connection_close();
}

void connection_open(int fd) {
	link_.fd = fd;
	watch(fd, FROM_MACHINED, 0, EPOLLIN);
}

void connection_close(void) {
	if (link_.fd > 0) unwatch(&link_.fd);
	link_.in_length = link_.out_length = 0;
	link_.greeted = link_.broken = link_.gone = false;
}
