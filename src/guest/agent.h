/*
 * The guest's agent of topology: what its files share.
 *
 * It runs programs, listens on TCP ports and sets the clock for the host, over one virtio-serial port, "topology.shell".
 * "The guest's side" in the language reference describes the protocol; the host's side is ShellLink.java. One process,
 * one thread, one loop over poll(2): nothing it does may block, and whatever fails for want of memory, processes or
 * descriptors is refused with a text, never fatal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A frame: a header of 12 bytes, then its payload. Numbers are big-endian.
 *
 *   type 1, stream 1, zero 2, id 4, length 4
 */
enum { HEADER = 12, LONGEST_TO_GUEST = 256 * 1024, LONGEST_TO_HOST = 32 * 1024 - HEADER };

/* Bytes of what waits for the host that are kept for frames other than data. */
enum { RESERVE = 16 * 1024 };

enum frame_type {
  /* both ways */
  HELLO = 1,  /* "topology-shell 3"; from the host: forget everything, and answer */
  DATA = 2,   /* bytes of a stream */
  END = 3,    /* the end of a stream */
  CREDIT = 4, /* u32: so many more bytes of a stream may be sent */
  CLOSE = 5,  /* forget it; a program is killed with its session, a connection is reset */
  /* from the host */
  RUN = 16,    /* u32 window, u16 flags, u16 rows, u16 columns, u16 arguments, u16 variables, then the strings */
  WINDOW = 17, /* u16 rows, u16 columns: of a terminal */
  SIGNAL = 18, /* u32: a signal for the program's process group in the foreground */
  CLOCK = 19,  /* u64 seconds since 1970, u32 nanoseconds, then fresh random bytes */
  LISTEN = 20, /* u32 window, u16 port, then 4 or 16 bytes of address */
  /* from the guest */
  DONE = 32,     /* what the host asked for under this id is done */
  FAILED = 33,   /* it is not; a text says why */
  EXIT = 34,     /* u32: the program's exit status */
  STOP = 35,     /* nobody reads a stream any more */
  ACCEPTED = 36, /* u32 id of the connection, u16 port, address: of who connected to a listener */
};

enum run_flags { WITH_TERMINAL = 1, WITH_INPUT = 2 };

/* The streams of a program. A terminal's, or a connection's, are only the first, both ways. */
enum { INPUT = 0, OUTPUT = 1, ERRORS = 2 };

/* How many bytes of an input may be on their way: written by the host, and not read by the program. */
enum { INPUT_WINDOW = 64 * 1024 };

/* Ids with this bit are given out by the guest, the others by the host. */
#define GUEST_ID UINT32_C(0x80000000)

/* Where bytes for the host come from. */
struct source {
  int fd;          /* -1: there is none, or it has ended */
  uint32_t credit; /* bytes that the host takes */
  int64_t left;    /* bytes to its end, once the program has ended; -1: not known */
  bool ended;      /* the host was told so, or need not be */
  bool unheard;    /* what comes now is read away: something that the program left behind may write for long */
};

/* Where bytes from the host go. */
struct sink {
  int fd;           /* -1: there is none, or it has ended */
  uint8_t *bytes;   /* what the descriptor has not taken yet; allocated while there is something */
  uint32_t start, count;
  uint32_t written; /* bytes the descriptor took, of which no credit was given yet */
  uint32_t own;     /* the last of them that the host did not send, and gets no credit for */
  bool ending;      /* the end comes after these bytes */
};

enum kind { PROGRAM, LISTENER, CONNECTION };

struct channel {
  enum kind kind;
  uint32_t id;
  bool closed; /* the host knows nothing of it any more */
  struct source sources[2];
  struct sink sink;
  /* of a program */
  pid_t pid; /* 0: has been waited for */
  int status;
  bool terminal, exit_told;
  /* of a listener */
  uint32_t window;
};

/* All that there is; NULL for a free place. */
enum { MOST_CHANNELS = 512, MOST_UNHEARD = 256 };
extern struct channel *channels[MOST_CHANNELS];

/* port.c: frames to and from the host. */
void port_open(const char *path);
int port_descriptor(void);
bool port_has_output(void);
/* Whether a frame of that payload can be sent; one for a stream's data leaves room for others. */
bool port_has_room(size_t payload);
size_t port_room_for_data(void);
void send_frame(enum frame_type type, uint8_t stream, uint32_t id, const void *payload, size_t length);
void send_number(enum frame_type type, uint8_t stream, uint32_t id, uint32_t number);
void send_failure(uint32_t id, const char *what, int error);
/* Where the data of a frame that is about to be sent may be put, and the sending. */
uint8_t *port_data_place(void);
void port_send_placed(uint8_t stream, uint32_t id, size_t length);
/* False: try again a little later. */
bool port_write(void);
bool port_read(void);
void port_handle(void);

/* agent.c */
void handle_frame(uint8_t type, uint8_t stream, uint32_t id, const uint8_t *payload, size_t length);
void forget_everything(void);

/* channel.c: streams. */
struct channel *channel_new(enum kind kind, uint32_t id);
struct channel *channel_of(uint32_t id);
void channel_free(struct channel *channel);
bool channel_settled(struct channel *channel);
void source_begin(struct source *source, int fd, uint32_t credit);
void source_read(struct channel *channel, int number);
void source_close(struct source *source);
void sink_take(struct channel *channel, const uint8_t *bytes, size_t length);
void sink_end(struct channel *channel);
void sink_write(struct channel *channel);
/* Tells the host what the program has read. Whether something written is still unread. */
bool sink_credit(struct channel *channel);
/* It is written no more: the end of the input was reached, or nobody reads it any longer. */
void sink_finish(struct channel *channel, bool broken);
void sink_close(struct sink *sink);
void set_nonblocking(int fd);

/* program.c */
void program_run(uint32_t id, const uint8_t *payload, size_t length);
void programs_wait(void);
void program_tell(struct channel *channel);
void program_resize(struct channel *channel, uint16_t rows, uint16_t columns);
void program_signal(struct channel *channel, int signal);
void program_kill(struct channel *channel);

/* lookup.c */
bool lookup_add(int listener, uint32_t address, uint16_t port);

/* container.c: see there. */
int container_run(void);
void container_join(void);
void container_enter(void);

/* socket.c */
void socket_listen(uint32_t id, const uint8_t *payload, size_t length);
void socket_accept(struct channel *listener);
void socket_reset(struct channel *connection);

/* Numbers on the wire. */
static inline uint16_t get16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }
static inline uint32_t get32(const uint8_t *at) { return (uint32_t)get16(at) << 16 | get16(at + 2); }
static inline uint64_t get64(const uint8_t *at) { return (uint64_t)get32(at) << 32 | get32(at + 4); }
static inline void put16(uint8_t *at, uint16_t number) { at[0] = (uint8_t)(number >> 8), at[1] = (uint8_t)number; }
static inline void put32(uint8_t *at, uint32_t number) {
  put16(at, (uint16_t)(number >> 16));
  put16(at + 2, (uint16_t)number);
}
