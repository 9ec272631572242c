/* The loop, and what the host asks for. See agent.h. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
  FIRST_PAUSE_MILLIS = 1,  /* after which it is asked whether a program has read its input; no event tells it */
  LONGEST_PAUSE_MILLIS = 128,
  RETRY_MILLIS = 10, /* without memory, or a host */
  MOST_SEED = 512,
};

/* linux/random.h is not part of musl. */
#define RNDADDENTROPY _IOW('R', 0x03, int[2])
#define RNDRESEEDCRNG _IO('R', 0x07)

struct rlimit programs_descriptors;

/*
 * The clock and the random numbers of a guest that stood still, or is the copy of another, are set by the host. Whoever
 * reads random numbers after this gets others than all other copies.
 */
static bool renew(struct timespec now, const uint8_t *bytes, size_t count) {
  struct {
    int bits, size;
    uint8_t bytes[MOST_SEED];
  } seed = {.bits = 8 * (int)count, .size = (int)count};
  if (clock_settime(CLOCK_REALTIME, &now) != 0)
    return false;
  memcpy(seed.bytes, bytes, count);
  int random = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
  bool done = random >= 0;
  if (done && count > 0)
    done = ioctl(random, RNDADDENTROPY, &seed) == 0 && ioctl(random, RNDRESEEDCRNG) == 0;
  int reason = errno;
  if (random >= 0)
    close(random);
  errno = reason;
  return done;
}

static void set_clock(uint32_t id, const uint8_t *payload, size_t length) {
  if (length < 12 || length - 12 > MOST_SEED) {
    send_failure(id, "cannot set the clock", EINVAL);
    return;
  }
  struct timespec now = {.tv_sec = (time_t)get64(payload), .tv_nsec = (long)get32(payload + 8)};
  if (!renew(now, payload + 12, length - 12)) {
    send_failure(id, "cannot set the clock", errno);
    return;
  }
  send_frame(DONE, 0, id, NULL, 0);
}

static int digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* agent renew SECONDS MILLISECONDS HEXADECIMAL-DIGITS: the same, by the init of a copy, before it does anything else. */
static int renew_once(char **arguments) {
  uint8_t seed[MOST_SEED];
  size_t count = 0;
  for (const char *digits = arguments[4]; count < MOST_SEED && digits[0] && digits[1]; digits += 2)
    seed[count++] = (uint8_t)(16 * digit(digits[0]) + digit(digits[1]));
  struct timespec now = {.tv_sec = (time_t)strtoull(arguments[2], NULL, 10), .tv_nsec = atol(arguments[3]) * 1000000};
  if (renew(now, seed, count))
    return 0;
  perror("cannot set the clock and the random numbers");
  return 1;
}

static void forget(struct channel *channel) {
  channel->closed = true;
  if (channel->kind == PROGRAM)
    program_kill(channel);
  else if (channel->kind == CONNECTION)
    socket_reset(channel);
  source_close(&channel->sources[0]);
  source_close(&channel->sources[1]);
  sink_close(&channel->sink);
}

/* Nothing but what something may still write that a program left behind: see read_away. */
static bool is_left_behind(const struct channel *channel) {
  return channel->exit_told && channel->sources[0].ended && channel->sources[1].ended;
}

void forget_everything(void) {
  for (int i = 0; i < MOST_CHANNELS; i++)
    if (channels[i] != NULL && !is_left_behind(channels[i]))
      forget(channels[i]);
}

static void handle_own(struct channel *channel, uint8_t type, uint8_t stream, const uint8_t *payload, size_t length) {
  switch (type) {
    case DATA:
      sink_take(channel, payload, length);
      break;
    case END:
      sink_end(channel);
      break;
    case CREDIT:
      if (length == 4 && stream <= ERRORS)
        channel->sources[stream == ERRORS].credit += get32(payload);
      break;
    case WINDOW:
      if (length == 4)
        program_resize(channel, get16(payload), get16(payload + 2));
      break;
    case SIGNAL:
      if (length == 4 && channel->kind == PROGRAM)
        program_signal(channel, (int)get32(payload));
      break;
    case CLOSE:
      forget(channel);
      break;
    default:
      break;
  }
}

/* What is said of something that is over has crossed with the word of its end, and is nothing to wonder at. */
void handle_frame(uint8_t type, uint8_t stream, uint32_t id, const uint8_t *payload, size_t length) {
  struct channel *channel = channel_of(id);
  if (channel != NULL)
    handle_own(channel, type, stream, payload, length);
  else if (type == RUN)
    program_run(id, payload, length);
  else if (type == LISTEN)
    socket_listen(id, payload, length);
  else if (type == CLOCK)
    set_clock(id, payload, length);
}

/* What poll(2) is asked, and for whom: the port, the signals, then three for each channel. */
static struct pollfd polled[2 + 3 * MOST_CHANNELS];
static struct channel *owners[2 + 3 * MOST_CHANNELS];
static uint8_t numbers[2 + 3 * MOST_CHANNELS];
static nfds_t polled_count;

static void ask(int fd, short events, struct channel *owner, int number) {
  if (fd >= 0) {
    polled[polled_count] = (struct pollfd){.fd = fd, .events = events};
    owners[polled_count] = owner;
    numbers[polled_count++] = (uint8_t)number;
  }
}

static void ask_for(struct channel *channel) {
  for (int s = 0; s < 2; s++) {
    struct source *source = &channel->sources[s];
    if (channel->kind == LISTENER || source->unheard || source->left == 0 ||
        (source->credit > 0 && port_room_for_data() > 0))
      ask(source->fd, POLLIN, channel, s);
  }
  /* Without events, a pipe still tells that its last reader has gone. */
  if (channel->sink.count > 0)
    ask(channel->sink.fd, POLLOUT, channel, 2);
  else if (channel->kind == PROGRAM && !channel->terminal)
    ask(channel->sink.fd, 0, channel, 2);
}

static void answer(nfds_t i) {
  struct channel *channel = owners[i];
  if (polled[i].revents == 0 || channel->closed)
    return;
  if (numbers[i] == 2 && channel->sink.fd == polled[i].fd) {
    if (polled[i].revents & POLLERR)
      sink_finish(channel, true);
    else
      sink_write(channel);
  } else if (numbers[i] < 2 && channel->sources[numbers[i]].fd == polled[i].fd) {
    if (channel->kind == LISTENER)
      socket_accept(channel);
    else
      source_read(channel, numbers[i]);
  }
}

/* After each round: says what is to be said, and lets go of what is over. Whether an input is still unread. */
static bool settle(void) {
  bool unread = false;
  int unheard = 0;
  for (int i = 0; i < MOST_CHANNELS; i++) {
    struct channel *channel = channels[i];
    if (channel == NULL)
      continue;
    unread |= sink_credit(channel);
    for (int s = 0; s < 2; s++)
      if (channel->kind == PROGRAM && channel->sources[s].left == 0 && !channel->sources[s].ended)
        source_read(channel, s);
    if (channel->kind == PROGRAM && !channel->closed)
      program_tell(channel);
    if (channel_settled(channel) || (is_left_behind(channel) && ++unheard > MOST_UNHEARD))
      channel_free(channel);
  }
  return unread;
}

static int next_pause(int pause, bool unread) {
  if (!unread)
    return FIRST_PAUSE_MILLIS;
  return pause < LONGEST_PAUSE_MILLIS ? 2 * pause : pause;
}

static void loop(int signals) {
  static unsigned turn;
  int pause = FIRST_PAUSE_MILLIS;
  bool unread = false, writable = true, readable = true;
  for (;;) {
    polled_count = 0;
    ask(signals, POLLIN, NULL, 1);
    if (readable && writable)
      ask(port_descriptor(), (port_has_room(RESERVE / 2) ? POLLIN : 0) | (port_has_output() ? POLLOUT : 0), NULL, 0);
    nfds_t first = polled_count;
    for (int i = 0; i < MOST_CHANNELS; i++)
      if (channels[i] != NULL)
        ask_for(channels[i]);
    poll(polled, polled_count, !readable || !writable ? RETRY_MILLIS : unread ? pause : -1);

    if (polled[0].revents != 0) {
      struct signalfd_siginfo signal;
      while (read(signals, &signal, sizeof signal) > 0)
        continue;
      programs_wait();
    }
    /* Each time another is the first, for there may not be room for all. */
    for (nfds_t i = first; i < polled_count; i++)
      answer(first + (i - first + turn) % (polled_count - first));
    turn++;
    if (first == 1 || polled[1].revents & ~POLLOUT)
      readable = port_read();
    port_handle();
    pause = next_pause(pause, unread);
    unread = settle();
    writable = port_write();
  }
}

/* Ends as many as it may have; each program gets what was there before. */
static void take_room(void) {
  getrlimit(RLIMIT_NOFILE, &programs_descriptors);
  struct rlimit all = {.rlim_cur = programs_descriptors.rlim_max, .rlim_max = programs_descriptors.rlim_max};
  setrlimit(RLIMIT_NOFILE, &all);
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) {
    (void)!write(score, "-1000", 5);
    close(score);
  }
}

int main(int count, char **arguments) {
  if (count == 5 && strcmp(arguments[1], "renew") == 0)
    return renew_once(arguments);
  if (count != 2) {
    fprintf(stderr, "usage: agent PORT | container | renew SECONDS MILLISECONDS SEED\n");
    return 2;
  }
  if (strcmp(arguments[1], "container") == 0)
    return container_run();
  /* Descriptors 0 to 2 are taken, whatever was inherited, so that a program's own never get their numbers. */
  int unused;
  while ((unused = open("/dev/null", O_RDWR)) >= 0 && unused < 3)
    continue;
  close(unused);
  signal(SIGPIPE, SIG_IGN);
  /* All signals wait: so one for a program that was just forked is not lost before the program begins. */
  sigset_t all, child;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  take_room();
  (void)!chdir("/");
  port_open(arguments[1]);
  loop(signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC));
}
