#include "init.h"
static struct child children[SLOTS];
static uint64_t last_generation;

/* The first that has everything that is given: an id or NULL, a pid or 0, a generation or 0. */
static struct child *find(const char *id, pid_t pid, uint64_t generation, bool ended) {
	for (struct child *c = children; c < children + SLOTS; c++)
		if (c->pid && c->ended == ended && (!id || !strcmp(c->id, id)) && (!pid || c->pid == pid) &&
		    (!generation || c->generation == generation))
			return c;
	return NULL;
}

struct child *child_living(const char *id) { return find(id, 0, 0, false); }
struct child *child_by_pid(pid_t pid) { return find(NULL, pid, 0, false); }
struct child *child_ended(const char *id, uint64_t generation) { return find(id, 0, generation, true); }
struct child *child_at(int slot) { return slot >= 0 && slot < SLOTS && children[slot].pid ? &children[slot] : NULL; }
int child_slot(const struct child *c) { return (int)(c - children); }

struct child *child_new(const char *id) {
	struct child *c = children;
	while (c < children + SLOTS && c->pid) c++;
	if (c == children + SLOTS) return NULL;
	memset(c, 0, sizeof *c);
	memcpy(c->id, id, strlen(id));
	c->generation = ++last_generation;
	c->ready_fd = c->status_fd = -1;
	return c;
}
