/*
 * Services at ports that the guest's own programs may use as well.
 *
 * A program of the guest that listens at all its addresses (0.0.0.0:80) cannot, while the agent is bound to port 80 of
 * one of them. So the agent's listeners are bound to other ports, and a BPF program that the kernel asks which socket a
 * new connection is for (BPF_PROG_TYPE_SK_LOOKUP, since Linux 5.9) finds them by what the guest connects to.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/bpf.h is not part of musl. */
enum { MAP_CREATE = 0, MAP_UPDATE_ELEM = 2, PROG_LOAD = 5, LINK_CREATE = 28 };
enum { MAP_TYPE_SOCKHASH = 18, PROG_TYPE_SK_LOOKUP = 30, ATTACH_SK_LOOKUP = 36 };
enum { MAP_LOOKUP_ELEM = 1, SK_RELEASE = 86, SK_ASSIGN = 124 };      /* functions */
enum { PROTOCOL = 12, LOCAL_IP4 = 40, LOCAL_PORT = 60, SK_PASS = 1 }; /* in struct bpf_sk_lookup; the answer */

struct map_create {
  uint32_t type, key_size, value_size, max_entries;
};

struct map_update {
  uint32_t map, zero;
  uint64_t key, value, flags;
};

struct prog_load {
  uint32_t type, count;
  uint64_t instructions, license;
  uint32_t log_level, log_size;
  uint64_t log;
  uint32_t kernel_version, flags;
  uint8_t name[16];
  uint32_t interface, attach_type;
};

struct link_create {
  uint32_t program, target, attach_type, flags;
};

/* What the map gives a listener for: an address in network order, a port in host order. */
struct key {
  uint32_t address, port;
};

struct instruction {
  uint8_t code;
  uint8_t to : 4, from : 4;
  int16_t offset;
  int32_t number;
};

/* Of BPF's registers the first is the result, 1 to 5 are arguments, 6 to 9 outlive calls, and 10 is the stack's end. */
enum { LOAD = 0x61, STORE = 0x63, COPY = 0xbf, SET = 0xb7, ADD = 0x07, SET_MAP = 0x18 };
enum { SKIP_UNEQUAL = 0x55, SKIP_EQUAL = 0x15, CALL = 0x85, RETURN = 0x95, MAP_BY_FD = 1 };

/* Descriptors of the kernel's BPF objects are closed on exec without being asked for. */
static int bpf(int command, const void *attributes, size_t size) {
  return (int)syscall(SYS_bpf, command, attributes, size);
}

static int load(int map) {
  enum { PASS = 20 };
  const struct instruction program[] = {
      {COPY, 6, 1, 0, 0},                          /*  0 r6 = what is asked for */
      {LOAD, 2, 6, PROTOCOL, 0},                   /*  1 if it is not TCP */
      {SKIP_UNEQUAL, 2, 0, PASS - 3, IPPROTO_TCP}, /*  2   go to PASS */
      {LOAD, 2, 6, LOCAL_IP4, 0},                  /*  3 key.address = where to; 0 in IPv6 */
      {STORE, 10, 2, -8, 0},                       /*  4 */
      {LOAD, 2, 6, LOCAL_PORT, 0},                 /*  5 key.port = at which port */
      {STORE, 10, 2, -4, 0},                       /*  6 */
      {SET_MAP, 1, MAP_BY_FD, 0, map},             /*  7 r1 = the map: an instruction of two places */
      {0, 0, 0, 0, 0},                             /*  8 */
      {COPY, 2, 10, 0, 0},                         /*  9 r2 = the key */
      {ADD, 2, 0, 0, -8},                          /* 10 */
      {CALL, 0, 0, 0, MAP_LOOKUP_ELEM},            /* 11 r0 = the listener for this key */
      {SKIP_EQUAL, 0, 0, PASS - 13, 0},            /* 12 if there is none, go to PASS */
      {COPY, 7, 0, 0, 0},                          /* 13 r7 = the listener */
      {COPY, 1, 6, 0, 0},                          /* 14 answer with it what is asked for */
      {COPY, 2, 7, 0, 0},                          /* 15 */
      {SET, 3, 0, 0, 0},                           /* 16 */
      {CALL, 0, 0, 0, SK_ASSIGN},                  /* 17 */
      {COPY, 1, 7, 0, 0},                          /* 18 let go of it */
      {CALL, 0, 0, 0, SK_RELEASE},                 /* 19 */
      {SET, 0, 0, 0, SK_PASS},                     /* 20 PASS: take the answer; without one, find a socket as ever */
      {RETURN, 0, 0, 0, 0},                        /* 21 */
  };
  struct prog_load attributes = {
      .type = PROG_TYPE_SK_LOOKUP,
      .count = sizeof program / sizeof *program,
      .instructions = (uintptr_t)program,
      .license = (uintptr_t) "Apache-2.0",
      .attach_type = ATTACH_SK_LOOKUP,
  };
  return bpf(PROG_LOAD, &attributes, sizeof attributes);
}

/* Descriptor of a map from keys to listeners by which the kernel now finds them; -1: it cannot. */
static int attached(void) {
  const struct map_create attributes = {MAP_TYPE_SOCKHASH, sizeof(struct key), sizeof(int), MOST_CHANNELS};
  int map = bpf(MAP_CREATE, &attributes, sizeof attributes);
  int program = map < 0 ? -1 : load(map);
  int namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int link = -1;
  if (program >= 0 && namespace >= 0) {
    struct link_create to = {(uint32_t)program, (uint32_t)namespace, ATTACH_SK_LOOKUP, 0};
    link = bpf(LINK_CREATE, &to, sizeof to);
  }
  if (namespace >= 0)
    close(namespace);
  if (program >= 0)
    close(program);
  if (link < 0 && map >= 0)
    close(map);
  return link < 0 ? -1 : map; /* the link stays open, and holds the program */
}

/* Whether the kernel will give a listener the connections to an address (network order) and a port, until it closes. */
bool lookup_add(int listener, uint32_t address, uint16_t port) {
  static int map = -1;
  const struct key key = {address, port};
  if (map < 0)
    map = attached();
  const struct map_update entry = {(uint32_t)map, 0, (uintptr_t)&key, (uintptr_t)&listener, 0};
  return map >= 0 && bpf(MAP_UPDATE_ELEM, &entry, sizeof entry) == 0;
}
