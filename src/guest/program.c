/* Programs: each in a session of its own, on pipes or on a terminal. */
#define _GNU_SOURCE
#include "agent.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  RUN_HEADER = 14,
  INPUT_PIPE = 32 * 1024, /* less than the window, so that the host's next bytes are there when the first are read */
  OUTPUT_PIPE = 256 * 1024, /* the program writes on while the agent sends: fewer switches between the two */
  MOST_ROUNDS = 16, /* of killing what is starting others meanwhile */
};

extern struct rlimit programs_descriptors; /* as the agent found it */

struct request {
  uint32_t window;
  uint16_t flags;
  struct winsize size;
  char **arguments, **variables;
};

/* Pointers to NUL-terminated strings, the last NULL; NULL where that many are not there. */
static char **strings(const uint8_t **at, const uint8_t *end, size_t count) {
  char **list = calloc(count + 1, sizeof *list);
  for (size_t i = 0; list != NULL && i < count; i++) {
    const uint8_t *zero = *at < end ? memchr(*at, 0, (size_t)(end - *at)) : NULL;
    if (zero == NULL) {
      free(list);
      errno = EINVAL;
      return NULL;
    }
    list[i] = (char *)*at;
    *at = zero + 1;
  }
  return list;
}

static bool parse(struct request *request, const uint8_t *payload, size_t length) {
  if (length < RUN_HEADER || get16(payload + 10) == 0) {
    errno = EINVAL;
    return false;
  }
  const uint8_t *at = payload + RUN_HEADER, *end = payload + length;
  *request = (struct request){
      .window = get32(payload),
      .flags = get16(payload + 4),
      .size = {.ws_row = get16(payload + 6), .ws_col = get16(payload + 8)},
  };
  request->arguments = strings(&at, end, get16(payload + 10));
  request->variables = request->arguments == NULL ? NULL : strings(&at, end, get16(payload + 12));
  return request->variables != NULL;
}

/* The ends of what the program reads and writes: [0] is its own, [1] the agent's. -1: there is none. */
struct ends {
  int input[2], output[2], errors[2];
};

static void close_both(int ends[2]) {
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= 0)
      close(ends[i]);
    ends[i] = -1;
  }
}

static void close_all(struct ends *ends) {
  close_both(ends->input);
  close_both(ends->output);
  close_both(ends->errors);
}

static bool open_output(int ends[2]) {
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0)
    return false;
  fcntl(pipe[1], F_SETPIPE_SZ, OUTPUT_PIPE);
  ends[0] = pipe[1];
  ends[1] = pipe[0];
  return true;
}

static bool open_pipes(struct ends *ends, bool with_input) {
  if (with_input) {
    if (pipe2(ends->input, O_CLOEXEC) != 0)
      return false;
    fcntl(ends->input[1], F_SETPIPE_SZ, INPUT_PIPE);
  } else {
    ends->input[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (ends->input[0] < 0)
      return false;
  }
  return open_output(ends->output) && open_output(ends->errors);
}

static bool open_terminal(struct ends *ends, const struct winsize *size) {
  char name[32];
  ends->output[1] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ends->output[1] < 0 || unlockpt(ends->output[1]) != 0 || ptsname_r(ends->output[1], name, sizeof name) != 0)
    return false;
  ioctl(ends->output[1], TIOCSWINSZ, size);
  ends->output[0] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  ends->input[0] = fcntl(ends->output[0], F_DUPFD_CLOEXEC, 0);
  ends->errors[0] = fcntl(ends->output[0], F_DUPFD_CLOEXEC, 0);
  ends->input[1] = fcntl(ends->output[1], F_DUPFD_CLOEXEC, 0);
  return ends->output[0] >= 0 && ends->input[0] >= 0 && ends->errors[0] >= 0 && ends->input[1] >= 0;
}

/* In the child: becomes the program, or says like a shell why it cannot. */
_Noreturn static void become(const struct request *request, const struct ends *ends) {
  sigset_t none;
  sigemptyset(&none);
  setsid();
  if (request->flags & WITH_TERMINAL)
    ioctl(ends->output[0], TIOCSCTTY, 0);
  /* None of them is below 3: the agent keeps those taken. */
  dup2(ends->input[0], 0);
  dup2(ends->output[0], 1);
  dup2(ends->errors[0], 2);
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0)
    (void)!write(score, "0", 1);
  setrlimit(RLIMIT_NOFILE, &programs_descriptors);
  container_enter();
  for (char **each = request->variables; *each != NULL; each++)
    putenv(*each);
  /* A shell starts its background jobs, as this agent, with SIGINT ignored. */
  for (int number = 1; number < NSIG; number++)
    signal(number, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execvp(request->arguments[0], request->arguments);
  int error = errno;
  dprintf(2, "%s: %s\n", request->arguments[0], error == ENOENT ? "not found" : strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

static bool start(struct channel *channel, const struct request *request) {
  struct ends ends = {{-1, -1}, {-1, -1}, {-1, -1}};
  channel->terminal = request->flags & WITH_TERMINAL;
  bool open = channel->terminal ? open_terminal(&ends, &request->size) : open_pipes(&ends, request->flags & WITH_INPUT);
  container_join();
  pid_t pid = open ? fork() : -1;
  if (pid == 0)
    become(request, &ends);
  if (pid < 0) {
    int error = errno;
    close_all(&ends);
    errno = error;
    return false;
  }
  channel->pid = pid;
  source_begin(&channel->sources[0], ends.output[1], request->window);
  if (ends.errors[1] >= 0)
    source_begin(&channel->sources[1], ends.errors[1], request->window);
  if (ends.input[1] >= 0) {
    set_nonblocking(ends.input[1]);
    channel->sink.fd = ends.input[1];
  }
  ends.output[1] = ends.errors[1] = ends.input[1] = -1;
  close_all(&ends);
  return true;
}

void program_run(uint32_t id, const uint8_t *payload, size_t length) {
  struct request request = {0};
  struct channel *channel = NULL;
  if (!parse(&request, payload, length) || (channel = channel_new(PROGRAM, id)) == NULL || !start(channel, &request)) {
    send_failure(id, "cannot start a program", errno);
    if (channel != NULL)
      channel_free(channel);
  }
  free(request.arguments);
  free(request.variables);
}

/* What is in its pipes when it ends is what it wrote; what comes later is another's. */
static void ended(struct channel *channel, int status) {
  channel->pid = 0;
  channel->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  for (int i = 0; i < 2; i++) {
    int count = 0;
    struct source *source = &channel->sources[i];
    /* A terminal hangs up with its session, which ends what can be read of it; until then it may be on its way. */
    if (source->fd >= 0 && !channel->terminal && ioctl(source->fd, FIONREAD, &count) == 0)
      source->left = count;
  }
  sink_credit(channel);
  sink_close(&channel->sink);
}

void programs_wait(void) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    for (int i = 0; i < MOST_CHANNELS; i++)
      if (channels[i] != NULL && channels[i]->kind == PROGRAM && channels[i]->pid == pid)
        ended(channels[i], status);
}

void program_tell(struct channel *channel) {
  if (channel->pid == 0 && !channel->exit_told && port_has_room(4)) {
    send_number(EXIT, 0, channel->id, (uint32_t)channel->status);
    channel->exit_told = true;
  }
}

void program_resize(struct channel *channel, uint16_t rows, uint16_t columns) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  if (channel->terminal)
    ioctl(channel->sources[0].fd, TIOCSWINSZ, &size);
}

void program_signal(struct channel *channel, int signal) {
  if (channel->pid == 0)
    return;
  pid_t group = channel->terminal ? tcgetpgrp(channel->sources[0].fd) : channel->pid;
  /* A moment after its start it leads no group yet; see main for what becomes of the signal. */
  if (kill(group > 0 ? -group : -channel->pid, signal) != 0)
    kill(channel->pid, signal);
}

static pid_t session_of(const char *pid) {
  char path[32] = "/proc/", text[512];
  strcat(strncat(path, pid, 16), "/stat");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return -1;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  text[count > 0 ? count : 0] = 0;
  /* 7 (a name) S 1 7 7: its state, parent, process group and session follow the name, which may hold anything. */
  char *at = strrchr(text, ')');
  if (at == NULL || at[1] != ' ' || at[2] == 'Z')
    return -1;
  at += 3;
  strtol(at, &at, 10);
  strtol(at, &at, 10);
  return (pid_t)strtol(at, NULL, 10);
}

static bool kill_members(pid_t session) {
  bool found = false;
  DIR *directory = opendir("/proc");
  if (directory == NULL)
    return false;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
    if (isdigit((unsigned char)entry->d_name[0]) && session_of(entry->d_name) == session)
      found |= kill((pid_t)atoi(entry->d_name), SIGKILL) == 0;
  closedir(directory);
  return found;
}

/* With all of its session, in whatever process groups. Those that are starting others may need another round. */
void program_kill(struct channel *channel) {
  if (channel->pid == 0)
    return;
  kill(-channel->pid, SIGKILL);
  kill(channel->pid, SIGKILL);
  for (int round = 0; round < MOST_ROUNDS && kill_members(channel->pid); round++)
    continue;
}
