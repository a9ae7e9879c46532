#include "wire.h"
#include <string.h>
uint64_t get_uint(struct reader *r, size_t bytes) {
	uint64_t value = 0;
	r->bad |= (size_t)(r->end - r->at) < bytes;
	for (size_t i = 0; i < bytes && !r->bad; i++) value |= (uint64_t)*r->at++ << (8 * i);
	return value;
}

/* u16 length, that many bytes without a NUL, then a NUL: so a text needs no copy to be a C string. */
const char *get_text(struct reader *r, size_t max) {
	size_t length = get_uint(r, 2);
	const char *text = (const char *)r->at;
	r->bad |= length > max || (size_t)(r->end - r->at) < length + 1 || strnlen(text, length + 1) != length;
	if (!r->bad) r->at += length + 1;
	return r->bad ? "" : text;
}

static uint16_t get_count(struct reader *r, size_t max) {
	size_t count = get_uint(r, 2);
	r->bad |= count > max;
	return r->bad ? 0 : (uint16_t)count;
}

static uint16_t get_texts(struct reader *r, char **out, size_t max) {
	uint16_t count = get_count(r, max);
	for (size_t i = 0; i < count && !r->bad; i++) out[i] = (char *)(uintptr_t)get_text(r, FRAME_MAX);
	return count;
}

bool parse_spec(struct reader *r, struct spec *out) {
	memset(out, 0, sizeof *out);
	out->id = get_text(r, ID_MAX);
	out->uid = (uint32_t)get_uint(r, 4);
	out->gid = (uint32_t)get_uint(r, 4);
	out->caps = get_uint(r, 8);
	out->demands = (uint8_t)get_uint(r, 1);
	out->nofile = (uint32_t)get_uint(r, 4);
	out->oom = (int32_t)get_uint(r, 4);
	out->cgroup = get_text(r, CGROUP_MAX);
	out->group_count = get_count(r, MAX_GROUPS);
	for (size_t i = 0; i < out->group_count && !r->bad; i++) out->groups[i] = (uint32_t)get_uint(r, 4);
	out->argc = get_texts(r, out->argv, MAX_ARGS);
	out->envc = get_texts(r, out->env, MAX_ENV);
	return at_end(r);
}

static bool only(const char *text, const char *allowed) { return text[strspn(text, allowed)] == 0; }

/* Relative, made of plain names: it cannot leave the cgroup root, and no name starts with a dot. */
static bool is_cgroup_path(const char *path) {
	size_t length = strlen(path);
	return only(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") && path[0] != '/' && path[0] != '.' &&
	       !strstr(path, "/.") && !strstr(path, "//") && (length == 0 || path[length - 1] != '/');
}

const char *spec_problem(const struct spec *s) {
	if (!s->id[0] || !only(s->id, "abcdefghijklmnopqrstuvwxyz0123456789-") || !strcmp(s->id, "machined"))
		return "the id must be 1 to 63 of [a-z0-9-] and not machined";
	if (s->argc == 0 || s->argv[0][0] != '/') return "the program must be an absolute path";
	if (!is_cgroup_path(s->cgroup)) return "the cgroup must be a plain relative path";
	if (s->oom != OOM_UNSET && (s->oom < -1000 || s->oom > 1000)) return "the oom score must be -1000 to 1000";
	for (int i = 0; i < s->envc; i++)
		if (!strchr(s->env[i], '=') || s->env[i][0] == '=') return "an environment entry must be NAME=value";
	return NULL;
}
