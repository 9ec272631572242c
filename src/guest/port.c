/* Frames to and from the host over the virtio-serial port. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  OUT = 128 * 1024,    /* bytes that wait for the host */
  LONGEST_WRITE = 32 * 1024, /* the driver copies no more at a time, and allocates that */
  LONGEST_TEXT = 256,
};

static const char GREETING[] = "topology-shell 3";

static int port = -1;
static uint8_t in[HEADER + LONGEST_TO_GUEST];
static size_t in_count;
static uint8_t out[OUT + HEADER + LONGEST_TO_HOST];
static size_t out_start, out_end;
static bool lost;      /* what came was no frame: the next HELLO is looked for */
static bool connected; /* the host has its end open, and may know of channels */

void port_open(const char *path) {
  /* It can be opened once at a time: one descriptor, for both directions. */
  port = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (port < 0) {
    perror(path);
    exit(1);
  }
  send_frame(HELLO, 0, 0, GREETING, sizeof GREETING - 1);
}

int port_descriptor(void) { return port; }

bool port_has_output(void) { return out_end > out_start; }

static size_t room(void) { return OUT - (out_end - out_start); }

bool port_has_room(size_t payload) { return room() >= HEADER + payload; }

size_t port_room_for_data(void) {
  size_t left = room();
  return left < RESERVE + HEADER ? 0 : left - RESERVE - HEADER < LONGEST_TO_HOST ? left - RESERVE - HEADER : LONGEST_TO_HOST;
}

uint8_t *port_data_place(void) {
  memmove(out, out + out_start, out_end - out_start);
  out_end -= out_start;
  out_start = 0;
  return out + out_end + HEADER;
}

static void put_header(uint8_t *at, uint8_t type, uint8_t stream, uint32_t id, size_t length) {
  at[0] = type;
  at[1] = stream;
  put16(at + 2, 0);
  put32(at + 4, id);
  put32(at + 8, (uint32_t)length);
}

void port_send_placed(uint8_t stream, uint32_t id, size_t length) {
  put_header(out + out_end, DATA, stream, id, length);
  out_end += HEADER + length;
}

/* Who sends has looked whether there is room; what is said twice too often is better lost than the agent. */
void send_frame(enum frame_type type, uint8_t stream, uint32_t id, const void *payload, size_t length) {
  if (!port_has_room(length))
    return;
  uint8_t *place = port_data_place();
  memcpy(place, payload, length);
  put_header(place - HEADER, (uint8_t)type, stream, id, length);
  out_end += HEADER + length;
}

void send_number(enum frame_type type, uint8_t stream, uint32_t id, uint32_t number) {
  uint8_t bytes[4];
  put32(bytes, number);
  send_frame(type, stream, id, bytes, sizeof bytes);
}

void send_failure(uint32_t id, const char *what, int error) {
  char text[LONGEST_TEXT];
  int length = snprintf(text, sizeof text, "%s: %s", what, strerror(error));
  send_frame(FAILED, 0, id, text, length < (int)sizeof text ? (size_t)length : sizeof text - 1);
}

/* The host has closed its end, or opens it again: it knows of nothing that was. */
static void start_anew(void) {
  out_start = out_end = 0;
  lost = false;
  forget_everything();
  send_frame(HELLO, 0, 0, GREETING, sizeof GREETING - 1);
}

bool port_write(void) {
  while (out_end > out_start) {
    size_t count = out_end - out_start < LONGEST_WRITE ? out_end - out_start : LONGEST_WRITE;
    ssize_t written = write(port, out + out_start, count);
    if (written <= 0)
      /* Without memory for its copy, the driver says so; poll(2) would say that it can be written to. */
      return written < 0 && errno == EAGAIN;
    out_start += (size_t)written;
  }
  return true;
}

bool port_read(void) {
  while (in_count < sizeof in) {
    ssize_t count = read(port, in + in_count, sizeof in - in_count);
    if (count < 0 && errno == ENODEV)
      exit(0);
    if (count < 0)
      return errno == EAGAIN || errno == EINTR;
    if (count == 0) { /* nobody has the host's end open */
      in_count = 0;
      if (connected)
        start_anew();
      return connected = false;
    }
    connected = true;
    in_count += (size_t)count;
  }
  return true;
}

/* How many bytes of the input are done with: a frame, what is no frame, or none as there is no whole one yet. */
static size_t handle_one(const uint8_t *at, size_t count) {
  if (count < HEADER)
    return 0;
  size_t length = get32(at + 8);
  bool frame = at[0] > 0 && at[0] < DONE && get16(at + 2) == 0 && length <= LONGEST_TO_GUEST;
  bool hello = frame && at[0] == HELLO && length == sizeof GREETING - 1;
  if (!frame || (lost && !hello)) {
    lost = true;
    return 1;
  }
  if (count < HEADER + length)
    return 0;
  if (hello && memcmp(at + HEADER, GREETING, length) == 0) {
    start_anew();
    return HEADER + length;
  }
  if (lost)
    return 1;
  handle_frame(at[0], at[1], get32(at + 4), at + HEADER, length);
  return HEADER + length;
}

void port_handle(void) {
  size_t done = 0;
  /* No answer is longer. */
  while (port_has_room(HEADER + LONGEST_TEXT)) {
    size_t count = handle_one(in + done, in_count - done);
    if (count == 0)
      break;
    done += count;
  }
  memmove(in, in + done, in_count - done);
  in_count -= done;
}
