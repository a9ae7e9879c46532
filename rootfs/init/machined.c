#include "init.h"
enum { BACKOFF_FIRST_MS = 100, BACKOFF_MAX_MS = 5000, LEAVE_MS = 5000 };
static char *program[MAX_ARGS + 1] = { "/sbin/machined", "--platform", "metal" };
static char *environment[] = { "PATH=/usr/bin:/usr/sbin:/bin:/sbin", "HOME=/", "TMPDIR=/tmp", NULL };
static struct { pid_t pid; uint32_t starts, early_deaths; bool is_ready; uint64_t start_at, kill_at; } m = { .kill_at = UINT64_MAX };

uint32_t machined_starts(void) { return m.starts; }
bool machined_is_serving(void) { return m.pid > 0 && m.is_ready; }
uint64_t machined_deadline(void) { return m.pid > 0 ? m.kill_at : m.start_at; }

void machined_is_ready(void) { m.is_ready = true, m.early_deaths = 0; }

void machined_program(int argc, char **argv) {
	if (is_container) program[2] = "container";
	if (argc == 0 || argc > MAX_ARGS) return;
	memcpy(program, argv, (size_t)argc * sizeof *argv);
	program[argc] = NULL;
}

void machined_hung_up(void) {
	if (m.pid > 0 && m.kill_at == UINT64_MAX) m.kill_at = now_ms() + LEAVE_MS;
}

_Noreturn static void become_machined(int connection, int log) {
	enter_program(log < 0 ? 2 : log, &connection, 1);
	execve(program[0], program, environment);
	say("%s: %s", program[0], strerror(errno));
	_exit(127);
}

static void start(uint64_t now) {
	int ends[2];
	m.start_at = now + BACKOFF_MAX_MS;                        /* if even this fails */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0) return;
	int log = fifo_writer("machined");
	m.starts++;
	m.pid = fork();
	if (m.pid == 0) become_machined(ends[1], log);
	close(ends[1]);
	if (log >= 0) close(log);
	m.is_ready = false, m.kill_at = UINT64_MAX;
	if (m.pid > 0) connection_open(ends[0]);
	else close(ends[0]);
}

void machined_tick(uint64_t now) {
	if (m.pid <= 0 && now >= m.start_at) start(now);
	if (m.pid <= 0 || now < m.kill_at) return;
	kill(m.pid, SIGKILL);
	m.kill_at = UINT64_MAX;
}

void machined_reaped(pid_t pid, int status) {
	if (pid != m.pid) return;
	connection_pump();                                       /* what it asked for before it died still counts */
	connection_close();
	uint64_t delay = m.is_ready ? 0 : (uint64_t)BACKOFF_FIRST_MS << (m.early_deaths < 6 ? m.early_deaths : 6);
	if (delay > BACKOFF_MAX_MS) delay = BACKOFF_MAX_MS;
	m.early_deaths += !m.is_ready;
	if (!m.is_ready) fifo_to_console("machined");
	say("machined ended (%s %d) and is started again in %d ms", WIFEXITED(status) ? "exit code" : "signal",
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), (int)delay);
	m.pid = 0;
	m.start_at = now_ms() + delay;
}
