/* TCP ports on which the agent listens for the host, and who connects to them. */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LISTEN_HEADER = 6, V4 = 4, V6 = 16, BACKLOG = 128, HIGHEST_PORT = 65535 };

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static bool parse(union address *address, socklen_t *size, const uint8_t *payload, size_t length) {
  memset(address, 0, sizeof *address);
  if (length == LISTEN_HEADER + V4) {
    address->v4.sin_family = AF_INET;
    memcpy(&address->v4.sin_port, payload + 4, 2);
    memcpy(&address->v4.sin_addr, payload + LISTEN_HEADER, V4);
    *size = sizeof address->v4;
  } else if (length == LISTEN_HEADER + V6) {
    address->v6.sin6_family = AF_INET6;
    memcpy(&address->v6.sin6_port, payload + 4, 2);
    memcpy(&address->v6.sin6_addr, payload + LISTEN_HEADER, V6);
    *size = sizeof address->v6;
  }
  return address->any.sa_family != 0;
}

/* The address need not be there yet; IPv6 is asked for by itself. */
static int bound(const union address *address, socklen_t size) {
  int yes = 1;
  int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &yes, sizeof yes);
  if (address->any.sa_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  if (bind(fd, &address->any, size) == 0 && listen(fd, BACKLOG) == 0)
    return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

/*
 * Bound to another port than connections come to, since programs of the guest may use that one; to that one, where the
 * kernel cannot. The highest ports are free: few programs ask for them, and the kernel gives out lower ones.
 */
static int listening(const union address *address, socklen_t size) {
  union address other = *address;
  int fd = -1;
  if (address->any.sa_family == AF_INET) {
    for (int port = HIGHEST_PORT; fd < 0 && port > HIGHEST_PORT - MOST_CHANNELS; port--) {
      other.v4.sin_port = htons((uint16_t)port);
      fd = bound(&other, size);
    }
    if (fd >= 0 && lookup_add(fd, address->v4.sin_addr.s_addr, ntohs(address->v4.sin_port)))
      return fd;
    if (fd >= 0)
      close(fd);
  }
  return bound(address, size);
}

void socket_listen(uint32_t id, const uint8_t *payload, size_t length) {
  union address address;
  socklen_t size = 0;
  int fd = -1;
  struct channel *channel = NULL;
  errno = EINVAL;
  if (parse(&address, &size, payload, length))
    fd = listening(&address, size);
  if (fd < 0 || (channel = channel_new(LISTENER, id)) == NULL) {
    send_failure(id, "cannot listen", errno);
    if (fd >= 0)
      close(fd);
    return;
  }
  channel->sources[0].fd = fd;
  channel->window = get32(payload);
  send_frame(DONE, 0, id, NULL, 0);
}

static void tell_accepted(uint32_t listener, uint32_t id, const union address *peer) {
  uint8_t bytes[LISTEN_HEADER + V6];
  bool v6 = peer->any.sa_family == AF_INET6;
  put32(bytes, id);
  memcpy(bytes + 4, v6 ? &peer->v6.sin6_port : &peer->v4.sin_port, 2);
  memcpy(bytes + LISTEN_HEADER, v6 ? (const void *)&peer->v6.sin6_addr : &peer->v4.sin_addr, v6 ? V6 : V4);
  send_frame(ACCEPTED, 0, listener, bytes, (size_t)(LISTEN_HEADER + (v6 ? V6 : V4)));
}

void socket_accept(struct channel *listener) {
  static uint32_t last_id;
  union address peer;
  socklen_t size = sizeof peer;
  int yes = 1;
  /* Who cannot be served now waits in the backlog, or is refused there. */
  int fd = port_has_room(LISTEN_HEADER + V6) ? accept4(listener->sources[0].fd, &peer.any, &size, SOCK_CLOEXEC) : -1;
  if (fd < 0)
    return;
  int back = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  struct channel *channel = back < 0 ? NULL : channel_new(CONNECTION, GUEST_ID | last_id++);
  if (channel == NULL) {
    close(fd);
    if (back >= 0)
      close(back);
    return;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  source_begin(&channel->sources[0], fd, listener->window);
  channel->sink.fd = back;
  tell_accepted(listener->id, channel->id, &peer);
}

/* Closed in a way that the peer sees as an error. */
void socket_reset(struct channel *connection) {
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  int fd = connection->sources[0].fd >= 0 ? connection->sources[0].fd : connection->sink.fd;
  if (fd >= 0)
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}
