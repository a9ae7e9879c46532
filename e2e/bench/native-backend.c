// native-backend <socket> [<stream bytes>]: the fastest gRPC server there can be, to measure proxies against.
// HTTP/2 without TLS on a Unix socket. It reads no headers: every request gets the same reply when it has ended, one small
// message, or, with a second argument, so many bytes in messages of 32 KiB, as flow control allows.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { IN_BYTES = 1 << 17, OUT_BYTES = 1 << 20, FRAME = 16384, STREAMS = 1 << 12, MESSAGE = 32768 };

struct stream {
  uint32_t id;
  int64_t left, window;
};

struct conn {
  int fd;
  size_t in, out_start, out_end;
  int64_t window, initial;
  int has_preface, streams;
  struct stream stream[STREAMS];
  uint8_t input[IN_BYTES], output[OUT_BYTES];
};

static const uint8_t HEAD[] = "\x88\x0f\x10\x10" "application/grpc";
static const uint8_t TRAILERS[] = "\x00\x0bgrpc-status\x01" "0";
// VersionResponse with one message: { version { tag: "v1.14.0" } }.
static const uint8_t REPLY[] = "\x00\x00\x00\x00\x0d\x0a\x0b\x12\x09\x0a\x07v1.14.0";
static int64_t stream_bytes;
static int poll_fd;
static uint8_t zeros[FRAME];

static uint32_t read32(const uint8_t *at) { return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3]; }

static void frame(struct conn *c, int type, int flags, uint32_t id, const void *payload, size_t length) {
  uint8_t *at = c->output + c->out_end;
  uint8_t header[9] = {length >> 16, length >> 8, length, type, flags, id >> 24, id >> 16, id >> 8, id};
  if (c->out_end + length + 9 > OUT_BYTES) return;
  memcpy(at, header, 9);
  memcpy(at + 9, payload, length);
  c->out_end += length + 9;
}

static int has_room(struct conn *c) { return c->out_end + FRAME + 64 < OUT_BYTES; }

// Sends of one stream what windows and the buffer allow; 1 when it is done.
static int pump(struct conn *c, struct stream *s) {
  while (s->left > 0 && s->window > 0 && c->window > 0 && has_room(c)) {
    int64_t at = (stream_bytes - s->left) % MESSAGE, length = FRAME;
    if (length > s->left) length = s->left;
    if (length > s->window) length = s->window;
    if (length > c->window) length = c->window;
    if (length > MESSAGE - at) length = MESSAGE - at;
    memset(zeros, 0, 5);
    if (at == 0) {
      zeros[3] = (MESSAGE - 5) >> 8;
      zeros[4] = (MESSAGE - 5) & 255;
    }
    frame(c, 0, 0, s->id, zeros, length);
    s->left -= length;
    s->window -= length;
    c->window -= length;
  }
  if (s->left > 0 || !has_room(c)) return 0;
  frame(c, 1, 5, s->id, TRAILERS, sizeof TRAILERS - 1);
  return 1;
}

static void pump_all(struct conn *c) {
  for (int n = 0; n < c->streams;) {
    if (pump(c, &c->stream[n])) c->stream[n] = c->stream[--c->streams];
    else n++;
  }
}

static void request(struct conn *c, uint32_t id) {
  frame(c, 1, 4, id, HEAD, sizeof HEAD - 1);
  if (stream_bytes == 0) {
    frame(c, 0, 0, id, REPLY, sizeof REPLY - 1);
    frame(c, 1, 5, id, TRAILERS, sizeof TRAILERS - 1);
    return;
  }
  if (c->streams == STREAMS) return;
  c->stream[c->streams++] = (struct stream){id, stream_bytes, c->initial};
}

static void drop(struct conn *c, uint32_t id) {
  for (int n = 0; n < c->streams; n++)
    if (c->stream[n].id == id) c->stream[n--] = c->stream[--c->streams];
}

static void settings(struct conn *c, const uint8_t *at, size_t length) {
  for (size_t n = 0; n + 6 <= length; n += 6) {
    if ((at[n] << 8 | at[n + 1]) != 4) continue;
    int64_t more = (int64_t)read32(at + n + 2) - c->initial;
    c->initial += more;
    for (int s = 0; s < c->streams; s++) c->stream[s].window += more;
  }
  frame(c, 4, 1, 0, "", 0);
}

static void received(struct conn *c, int type, int flags, uint32_t id, const uint8_t *at, size_t length) {
  if (type == 0 && length > 0) {
    uint8_t more[4] = {0, length >> 16, length >> 8, length};
    frame(c, 8, 0, 0, more, 4);
  }
  if ((type == 0 || type == 1) && flags & 1) request(c, id);
  else if (type == 3) drop(c, id);
  else if (type == 4 && !(flags & 1)) settings(c, at, length);
  else if (type == 6 && !(flags & 1)) frame(c, 6, 1, 0, at, 8);
  else if (type == 8 && id == 0) c->window += read32(at);
  else if (type == 8)
    for (int n = 0; n < c->streams; n++)
      if (c->stream[n].id == id) c->stream[n].window += read32(at);
}

static int parse(struct conn *c) {
  size_t at = 0;
  if (!c->has_preface) {
    if (c->in < 24) return 1;
    c->has_preface = 1;
    at = 24;
    frame(c, 4, 0, 0, "\x00\x03\x00\x00\x10\x00", 6);
    frame(c, 8, 0, 0, "\x3f\xff\x00\x00", 4);
  }
  while (c->in - at >= 9 && c->out_end < OUT_BYTES / 2) {
    const uint8_t *f = c->input + at;
    size_t length = (size_t)f[0] << 16 | f[1] << 8 | f[2];
    if (length > FRAME) return 0;
    if (c->in - at < 9 + length) break;
    received(c, f[3], f[4], read32(f + 5) & 0x7fffffff, f + 9, length);
    at += 9 + length;
  }
  memmove(c->input, c->input + at, c->in - at);
  c->in -= at;
  return 1;
}

static int flush_output(struct conn *c) {
  while (c->out_start < c->out_end) {
    ssize_t n = send(c->fd, c->output + c->out_start, c->out_end - c->out_start, MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN;
    c->out_start += n;
  }
  c->out_start = c->out_end = 0;
  return 1;
}

static int serve_once(struct conn *c) {
  for (;;) {
    if (!parse(c)) return 0;
    if (c->out_start == 0) pump_all(c);
    if (!flush_output(c)) return 0;
    if (c->out_end > 0) return 1;
    if (c->streams > 0 && c->window > 0) {
      pump_all(c);
      if (c->out_end > 0) continue;
    }
    ssize_t n = read(c->fd, c->input + c->in, IN_BYTES - c->in);
    if (n == 0) return 0;
    if (n < 0) return errno == EAGAIN;
    c->in += n;
  }
}

static void accept_one(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  struct conn *c = calloc(1, sizeof *c);
  if (c == NULL) exit(111);
  c->fd = fd;
  c->window = c->initial = 65535;
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

int main(int argc, char **argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (argc < 2) return 100;
  stream_bytes = argc > 2 ? atoll(argv[2]) : 0;
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  unlink(argv[1]);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 512) < 0) return 111;
  poll_fd = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[64];
    int count = epoll_wait(poll_fd, events, 64, -1);
    for (int n = 0; n < count; n++) {
      struct conn *c = events[n].data.ptr;
      if (c == NULL) accept_one(listener);
      else if (!serve_once(c)) {
        close(c->fd);
        free(c);
      }
    }
  }
}
