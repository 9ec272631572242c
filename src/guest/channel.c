/* Channels, and the streams of which they are made. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct channel *channels[MOST_CHANNELS];

struct channel *channel_new(enum kind kind, uint32_t id) {
  for (int i = 0; i < MOST_CHANNELS; i++) {
    if (channels[i] == NULL) {
      struct channel *channel = calloc(1, sizeof *channel);
      if (channel != NULL) {
        channel->kind = kind;
        channel->id = id;
        for (int s = 0; s < 2; s++)
          channel->sources[s] = (struct source){.fd = -1, .left = -1, .ended = true};
        channel->sink.fd = -1;
        channels[i] = channel;
      }
      return channel;
    }
  }
  errno = EAGAIN;
  return NULL;
}

struct channel *channel_of(uint32_t id) {
  for (int i = 0; i < MOST_CHANNELS; i++)
    if (channels[i] != NULL && channels[i]->id == id && !channels[i]->closed)
      return channels[i];
  return NULL;
}

void channel_free(struct channel *channel) {
  source_close(&channel->sources[0]);
  source_close(&channel->sources[1]);
  sink_close(&channel->sink);
  for (int i = 0; i < MOST_CHANNELS; i++)
    if (channels[i] == channel)
      channels[i] = NULL;
  free(channel);
}

/* Whether nothing more will come of it, and nothing is left to say. */
bool channel_settled(struct channel *channel) {
  bool quiet = channel->sources[0].fd < 0 && channel->sources[1].fd < 0;
  bool told = channel->closed || (channel->sources[0].ended && channel->sources[1].ended);
  switch (channel->kind) {
    case PROGRAM:
      return quiet && told && channel->pid == 0 && (channel->closed || channel->exit_told);
    case CONNECTION:
      return channel->closed || (quiet && told && channel->sink.fd < 0);
    default:
      return channel->closed;
  }
}

void set_nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

void source_begin(struct source *source, int fd, uint32_t credit) {
  set_nonblocking(fd);
  *source = (struct source){.fd = fd, .credit = credit, .left = -1};
}

void source_close(struct source *source) {
  if (source->fd >= 0)
    close(source->fd);
  source->fd = -1;
}

static uint8_t stream_of(const struct channel *channel, int number) {
  return channel->kind == CONNECTION ? INPUT : (uint8_t)(OUTPUT + number);
}

static void source_end(struct channel *channel, int number, bool over) {
  struct source *source = &channel->sources[number];
  if (!source->ended && !channel->closed) {
    if (!port_has_room(0))
      return;
    send_frame(END, stream_of(channel, number), channel->id, NULL, 0);
  }
  source->ended = source->unheard = true;
  if (over)
    source_close(source);
}

/* Reads away what no one is to hear: who wrote it would otherwise wait, or die of SIGPIPE. */
static void read_away(struct source *source) {
  uint8_t *place = port_data_place();
  ssize_t count = read(source->fd, place, LONGEST_TO_HOST);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
    source_close(source);
}

/* Reads some of what a program or a peer has written, as much as may be sent. */
void source_read(struct channel *channel, int number) {
  struct source *source = &channel->sources[number];
  if (source->unheard) {
    read_away(source);
    return;
  }
  size_t most = port_room_for_data();
  most = most < source->credit ? most : source->credit;
  if (source->left >= 0 && (size_t)source->left < most)
    most = (size_t)source->left;
  if (most == 0 && source->left != 0)
    return;
  ssize_t count = most == 0 ? 0 : read(source->fd, port_data_place(), most);
  if (count > 0) {
    port_send_placed(stream_of(channel, number), channel->id, (size_t)count);
    source->credit -= (uint32_t)count;
    if (source->left > 0)
      source->left -= count;
  } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  } else if (count < 0 && channel->kind == CONNECTION) {
    send_frame(CLOSE, 0, channel->id, NULL, 0);
    channel->closed = true;
    return;
  }
  /* A terminal whose last program has gone gives EIO. What is left open past the program's end is read away. */
  if (count <= 0 || source->left == 0)
    source_end(channel, number, count <= 0 && most > 0);
}

void sink_close(struct sink *sink) {
  if (sink->fd >= 0)
    close(sink->fd);
  free(sink->bytes);
  *sink = (struct sink){.fd = -1};
}

void sink_finish(struct channel *channel, bool broken) {
  struct sink *sink = &channel->sink;
  sink_credit(channel);
  if (broken && !channel->closed)
    send_frame(STOP, INPUT, channel->id, NULL, 0);
  else if (channel->kind == CONNECTION)
    shutdown(sink->fd, SHUT_WR);
  sink_close(sink);
}

void sink_write(struct channel *channel) {
  struct sink *sink = &channel->sink;
  while (sink->count > 0) {
    ssize_t written = write(sink->fd, sink->bytes + sink->start, sink->count);
    if (written < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    if (written < 0) {
      sink_finish(channel, true);
      return;
    }
    sink->start += (uint32_t)written;
    sink->count -= (uint32_t)written;
    sink->written += (uint32_t)written;
  }
  free(sink->bytes);
  sink->bytes = NULL;
  sink->start = 0;
  if (sink->ending)
    sink_finish(channel, false);
}

void sink_take(struct channel *channel, const uint8_t *bytes, size_t length) {
  struct sink *sink = &channel->sink;
  if (sink->fd < 0 || sink->ending)
    return;
  if (sink->bytes == NULL)
    sink->bytes = malloc(INPUT_WINDOW);
  if (sink->bytes == NULL || sink->count + length > INPUT_WINDOW) {
    sink_finish(channel, true); /* no memory, or a host that gives no heed to credit */
    return;
  }
  memmove(sink->bytes, sink->bytes + sink->start, sink->count);
  memcpy(sink->bytes + sink->count, bytes, length);
  sink->start = 0;
  sink->count += (uint32_t)length;
  sink_write(channel);
}

void sink_end(struct channel *channel) {
  static const uint8_t control_d = 4;
  if (channel->sink.fd < 0)
    return;
  if (channel->terminal) {
    channel->sink.own++;
    sink_take(channel, &control_d, 1);
  } else {
    channel->sink.ending = true;
    sink_write(channel);
  }
}

bool sink_credit(struct channel *channel) {
  struct sink *sink = &channel->sink;
  int unread = 0;
  if (sink->count == 0 && sink->written >= sink->own) {
    sink->written -= sink->own;
    sink->own = 0;
  }
  if (sink->written == 0 || channel->closed)
    return false;
  if (channel->kind == PROGRAM && !channel->terminal && sink->fd >= 0 && ioctl(sink->fd, FIONREAD, &unread) != 0)
    unread = 0;
  uint32_t taken = sink->written - (uint32_t)unread;
  if (taken > 0 && port_has_room(4)) {
    send_number(CREDIT, INPUT, channel->id, taken);
    sink->written -= taken;
  }
  return sink->written > 0;
}
