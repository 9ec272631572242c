/*
 * Containers: the root of a node is the disk of a container image, and what runs sees nothing else.
 *
 * The image's program is process 1 of a process name space and has a mount name space, both of which the programs that
 * the agent starts enter. Nothing else is kept apart: the machine is the container. The agent, the init and busybox stay
 * outside, in the initramfs.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN "/run/topology/"
#define DISK RUN "disk"           /* where the image is mounted */
#define CONFIG DISK "/config"     /* what it says of its program: ContainerConfig.java */
#define CHANGES RUN "changes"     /* memory for what is written */
#define ROOT RUN "root"           /* the two as one */
#define FILES "/etc/topology/files" /* the node's files, which go over the image */
#define SHARES RUN "shares"       /* the node's shared directories: virtiofs|9p TAG ro|rw PATH, a line each */
#define ARGUMENTS RUN "arguments" /* what the node has in place of the image's command */
#define MOUNTED RUN "mounted"    /* disks: where each is mounted, and where the container is to find it */
#define PROCESS RUN "container"  /* the number of its process 1, outside */
#define UP RUN "up"              /* a pipe: the container is there; what failed instead */
#define GO RUN "go"              /* a pipe: its program may run */
#define PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { MOST_STRINGS = 4096, MOST_GROUPS = 256, MOST_DISKS = 16 };

static struct {
  const char *user, *directory, *stop;
  char *environment[MOST_STRINGS], *program[MOST_STRINGS], *command[MOST_STRINGS];
  int environment_count, program_count, command_count;
} image;

static int mounts = -1; /* the mount name space, in the agent */

static void add(char **list, int *count, char *text) {
  if (*count < MOST_STRINGS - 1)
    list[(*count)++] = text;
}

static char *contents(const char *path, size_t *length) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0)
    return NULL;
  char *text = calloc(1, (size_t)status.st_size + 1);
  ssize_t count = text == NULL ? -1 : read(file, text, (size_t)status.st_size);
  *length = count < 0 ? 0 : (size_t)count;
  close(file);
  return text;
}

static char *value(char *text, const char *key) {
  size_t length = strlen(key);
  return strncmp(text, key, length) == 0 && text[length] == '=' ? text + length + 1 : NULL;
}

static bool load(void) {
  size_t length;
  char *text = contents(CONFIG, &length), *found;
  if (text == NULL)
    return false;
  image.user = image.directory = image.stop = "";
  for (char *at = text; at < text + length; at += strlen(at) + 1) {
    if ((found = value(at, "user")) != NULL)
      image.user = found;
    else if ((found = value(at, "directory")) != NULL)
      image.directory = found;
    else if ((found = value(at, "stop")) != NULL)
      image.stop = found;
    else if ((found = value(at, "environment")) != NULL)
      add(image.environment, &image.environment_count, found);
    else if ((found = value(at, "entry")) != NULL)
      add(image.program, &image.program_count, found);
    else if ((found = value(at, "command")) != NULL)
      add(image.command, &image.command_count, found);
  }
  return true;
}

/* The node's arguments, each after a zero; or else the image's. */
static void take_arguments(void) {
  size_t length;
  char *text = contents(ARGUMENTS, &length);
  if (text != NULL && length > 0)
    for (char *at = text + 1; at <= text + length; at += strlen(at) + 1)
      add(image.program, &image.program_count, at);
  else
    for (int i = 0; i < image.command_count; i++)
      add(image.program, &image.program_count, image.command[i]);
}

_Noreturn static void fail(const char *what, const char *name) {
  dprintf(2, "topology: cannot %s%s: %s\n", what, name, strerror(errno));
  _exit(126);
}

/* Of an image without such a file all names are unknown, and numbers are as good. */
static bool number(const char *text, unsigned *id) {
  char *end;
  *id = (unsigned)strtoul(text, &end, 10);
  return *text != 0 && *end == 0;
}

/* The next line of /etc/passwd or /etc/group, cut into its fields: name, password, number, then others. */
static bool next_line(char **text, char *fields[7]) {
  for (char *line; (line = strsep(text, "\n")) != NULL;) {
    int count = 0;
    memset(fields, 0, 7 * sizeof *fields);
    while (count < 7 && (fields[count] = strsep(&line, ":")) != NULL)
      count++;
    if (count >= 4)
      return true;
  }
  return false;
}

static bool look_up(const char *path, const char *wanted, char *fields[7]) {
  size_t length;
  char *text = contents(path, &length);
  while (text != NULL && next_line(&text, fields))
    if (strcmp(fields[0], wanted) == 0 || strcmp(fields[2], wanted) == 0)
      return true;
  return false;
}

/* Other groups that list a user. */
static size_t groups_of(const char *user, gid_t groups[MOST_GROUPS]) {
  size_t length, count = 0;
  unsigned id;
  char *text = contents("/etc/group", &length), *fields[7];
  while (text != NULL && count < MOST_GROUPS && next_line(&text, fields))
    for (char *member; (member = strsep(&fields[3], ",")) != NULL;)
      if (strcmp(member, user) == 0 && number(fields[2], &id) && count < MOST_GROUPS)
        groups[count++] = id;
  return count;
}

/* Becomes USER or USER:GROUP, each a name or a number, as Docker reads them. */
static void take_user(void) {
  char name[256], *fields[7];
  unsigned user = 0, group = 0;
  gid_t groups[MOST_GROUPS];
  size_t count = 0;
  snprintf(name, sizeof name, "%s", *image.user == 0 ? "0" : image.user);
  char *group_name = strchr(name, ':');
  if (group_name != NULL)
    *group_name++ = 0;
  bool known = look_up("/etc/passwd", name, fields);
  errno = ENOENT;
  if (known ? !number(fields[2], &user) || !number(fields[3], &group) : !number(name, &user))
    fail("become the user ", name);
  setenv("HOME", known && fields[5] != NULL && *fields[5] != 0 ? fields[5] : "/", 0);
  if (group_name != NULL) {
    if (!number(group_name, &group) &&
        (!look_up("/etc/group", group_name, fields) || !number(fields[2], &group)))
      fail("take the group ", group_name);
  } else if (known) {
    count = groups_of(fields[0], groups);
  }
  /* What it has open for its output, it may also open by name: /dev/stdout. */
  for (int i = 0; i < 3; i++)
    (void)!fchown(i, user, (gid_t)-1);
  if (setgroups(count, groups) != 0 || setgid(group) != 0 || setuid(user) != 0)
    fail("become the user ", name);
}

static void make_directories(const char *path) {
  char part[1024];
  for (const char *at = path; (size_t)(at - path) < sizeof part && *at != 0;) {
    at = strchr(at + 1, '/');
    at = at == NULL ? path + strlen(path) : at;
    snprintf(part, sizeof part, "%.*s", (int)(at - path), path);
    mkdir(part, 0755);
  }
}

/* Whether a variable is not one that the node has. */
static bool is_of_init(const char *variable) {
  static const char *const own[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "HOME=/root"};
  static const char *const of_shell[] = {"PWD=", "OLDPWD=", "SHLVL="};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (strcmp(variable, own[i]) == 0)
      return true;
  for (size_t i = 0; i < sizeof of_shell / sizeof *of_shell; i++)
    if (strncmp(variable, of_shell[i], strlen(of_shell[i])) == 0)
      return true;
  return false;
}

/* Environment, directory and user of the image, for a process that has its root already. */
static void become_contained(void) {
  char host[65] = "";
  gethostname(host, sizeof host - 1);
  char **inherited = environ;
  environ = NULL;
  setenv("PATH", PATH, 1);
  setenv("HOSTNAME", host, 1);
  for (int i = 0; i < image.environment_count; i++)
    if (strchr(image.environment[i], '=') != NULL)
      putenv(image.environment[i]);
  for (; *inherited != NULL; inherited++)
    if (!is_of_init(*inherited))
      putenv(*inherited);
  const char *directory = *image.directory == 0 ? "/" : image.directory;
  make_directories(directory);
  if (chdir(directory) != 0)
    fail("start in ", directory);
  take_user();
}

/* A file system at a place in the image, which is made if it is missing. */
static void put(const char *type, const char *path, unsigned long flags, const char *options) {
  make_directories(path);
  if (mount(type, path, type, flags, options) != 0 && strcmp(type, "cgroup2") != 0)
    fail("mount ", path);
}

static void write_file(const char *path, const char *text, size_t length) {
  unlink(path);
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file >= 0) {
    (void)!write(file, text, length);
    close(file);
  }
}

/* The disk of that name. */
static bool find_disk(const char *name, char path[16]) {
  for (char letter = 'a'; letter <= 'z'; letter++) {
    char serial[32] = "", at[32];
    snprintf(at, sizeof at, "/sys/block/vd%c/serial", letter);
    int file = open(at, O_RDONLY | O_CLOEXEC);
    if (file < 0)
      continue;
    (void)!read(file, serial, sizeof serial - 1);
    close(file);
    snprintf(path, 16, "/dev/vd%c", letter);
    serial[strcspn(serial, "\n")] = 0;
    if (strcmp(serial, name) == 0)
      return true;
  }
  errno = ENODEV;
  return false;
}

static bool mount_image(void) {
  char disk[16];
  static const char *const made[] = {DISK, CHANGES, ROOT};
  for (size_t i = 0; i < sizeof made / sizeof *made; i++)
    mkdir(made[i], 0755);
  return find_disk("topology.root", disk) && mount(disk, DISK, "erofs", MS_RDONLY, NULL) == 0 &&
         mount("tmpfs", CHANGES, "tmpfs", 0, "mode=755") == 0 && mkdir(CHANGES "/upper", 0755) == 0 &&
         mkdir(CHANGES "/work", 0755) == 0 &&
         mount("overlay", ROOT, "overlay", 0,
               "lowerdir=" DISK "/root,upperdir=" CHANGES "/upper,workdir=" CHANGES "/work") == 0;
}

/* Copies what is in a directory, open, to one of the image, through its symbolic links. */
static void copy_files(int directory, const char *to) {
  DIR *entries = fdopendir(directory);
  char path[4096], target[4096], bytes[16384];
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    struct stat status;
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    snprintf(path, sizeof path, "%s/%s", to, name);
    ssize_t count;
    if (S_ISLNK(status.st_mode) && (count = readlinkat(directory, name, target, sizeof target - 1)) > 0) {
      target[count] = 0;
      unlink(path);
      (void)!symlink(target, path);
      continue;
    }
    int from = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (S_ISDIR(status.st_mode)) {
      mkdir(path, status.st_mode & 07777);
      copy_files(from, path);
      continue;
    }
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool whole = file >= 0;
    while (whole && (count = read(from, bytes, sizeof bytes)) > 0)
      whole = write(file, bytes, (size_t)count) == count;
    if (!whole || fchmod(file, status.st_mode & 07777) != 0)
      dprintf(2, "topology: cannot write %s: %s\n", path, strerror(errno));
    close(file);
    close(from);
  }
  if (entries != NULL)
    closedir(entries);
}

/* Directories of the host, over what the image has there. */
static void mount_shares(char *lines) {
  for (char *line; lines != NULL && (line = strsep(&lines, "\n")) != NULL && *line != 0;) {
    char *type = strsep(&line, " "), *tag = strsep(&line, " "), *mode = strsep(&line, " ");
    if (line == NULL)
      continue;
    make_directories(line);
    /* The same as those of the init. */
    const char *options = strcmp(type, "9p") == 0 ? "trans=virtio,version=9p2000.L,msize=524288" : NULL;
    if (mount(tag, line, type, strcmp(mode, "ro") == 0 ? MS_RDONLY : 0, options) != 0)
      fail("mount the share ", line);
  }
}

/* Puts what is mounted outside, and open, at its place in the image, through the image's symbolic links. */
static void bind(int outside, const char *path) {
  char from[32];
  snprintf(from, sizeof from, "/proc/self/fd/%d", outside);
  make_directories(path);
  if (mount(from, path, NULL, MS_BIND, NULL) != 0)
    fail("mount ", path);
}

/* The image becomes the root, with all that a Linux process expects there. */
static void set_up_root(void) {
  static const char *const files[] = {"/etc/hosts", "/etc/resolv.conf"};
  char *texts[2], host[66] = "";
  size_t lengths[2] = {0, 0}, length = 0;
  char *shares = contents(SHARES, &length);
  char *mounted = contents(MOUNTED, &length);
  int disks[MOST_DISKS], count = 0;
  for (int i = 0; i < 2; i++)
    texts[i] = contents(files[i], &lengths[i]);
  mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
  for (char *at = mounted; mounted != NULL && at < mounted + length && count < MOST_DISKS; count++) {
    disks[count] = open(at, O_PATH | O_CLOEXEC);
    at += strlen(at) + 1;
    at += strlen(at) + 1;
  }
  int terminals = open("/dev/pts", O_PATH | O_CLOEXEC), given = open(FILES, O_RDONLY | O_CLOEXEC);
  if (chdir(ROOT) != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 || chdir("/") != 0)
    fail("make the image the root", "");
  unsigned long still = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  put("proc", "/proc", still, NULL);
  put("sysfs", "/sys", still, NULL);
  put("cgroup2", "/sys/fs/cgroup", still, NULL);
  put("devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC, NULL);
  put("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777");
  bind(terminals, "/dev/pts");
  (void)!symlink("/proc/self/fd", "/dev/fd");
  (void)!symlink("/proc/self/fd/0", "/dev/stdin");
  (void)!symlink("/proc/self/fd/1", "/dev/stdout");
  (void)!symlink("/proc/self/fd/2", "/dev/stderr");
  make_directories("/etc");
  copy_files(given, "");
  char *at = mounted;
  for (int i = 0; i < count; i++) {
    at += strlen(at) + 1;
    bind(disks[i], at);
    at += strlen(at) + 1;
  }
  for (int i = 0; i < 2; i++)
    write_file(files[i], texts[i] == NULL ? "" : texts[i], lengths[i]);
  gethostname(host, sizeof host - 2);
  strcat(host, "\n");
  write_file("/etc/hostname", host, strlen(host));
  mount_shares(shares);
}

_Noreturn static void run(int ready, int go) {
  char byte;
  set_up_root();
  (void)!write(ready, "u", 1);
  /* The end comes with the other process. */
  if (read(go, &byte, 1) != 1)
    _exit(126);
  become_contained();
  if (image.program_count == 0 || *image.program[0] == 0) {
    dprintf(2, "topology: the image names no program to run: give the node a command\n");
    _exit(126);
  }
  execvp(image.program[0], image.program);
  int error = errno;
  dprintf(2, "topology: cannot run %s: %s\n", image.program[0], error == ENOENT ? "not found" : strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

/* SIGTERM, TERM or 15; SIGRTMIN+3 is how systemd is asked. */
static int stop_signal(void) {
  static const struct {
    const char *name;
    int number;
  } known[] = {{"TERM", SIGTERM}, {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"KILL", SIGKILL},
               {"HUP", SIGHUP},   {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"WINCH", SIGWINCH}};
  unsigned number_given;
  const char *name = strncmp(image.stop, "SIG", 3) == 0 ? image.stop + 3 : image.stop;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i].name) == 0)
      return known[i].number;
  if (strncmp(name, "RTMIN+", 6) == 0 && number(name + 6, &number_given))
    return SIGRTMIN + (int)number_given;
  return number(name, &number_given) && number_given < NSIG ? (int)number_given : SIGTERM;
}

static void tell(const char *pipe, const char *text) {
  int file = open(pipe, O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    (void)!write(file, text, strlen(text));
    close(file);
  }
}

/* What Docker lets every user do: ping, and listen at any port. */
static void let_users_use_the_network(void) {
  write_file("/proc/sys/net/ipv4/ping_group_range", "0 2147483647", 12);
  write_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0", 1);
}

/* Runs the container: process 1 of it is a child of this one, which passes a request to end on, and its status back. */
int container_run(void) {
  int ready[2], go[2];
  char byte, text[32];
  for (int each = 1; each < NSIG; each++)
    signal(each, SIG_DFL);
  if (!mount_image() || !load() || pipe2(ready, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0 ||
      unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) {
    int error = errno;
    tell(UP, "its disk cannot be mounted\n");
    errno = error;
    fail("mount the image", "");
  }
  take_arguments();
  let_users_use_the_network();
  pid_t process = fork();
  if (process == 0) {
    close(ready[0]);
    close(go[1]);
    run(ready[1], go[0]);
  }
  close(ready[1]);
  close(go[0]);
  sigset_t asked;
  sigemptyset(&asked);
  sigaddset(&asked, SIGTERM);
  sigaddset(&asked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &asked, NULL);
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  bool is_up = process > 0 && read(ready[0], &byte, 1) == 1;
  snprintf(text, sizeof text, "%d", process);
  if (is_up)
    write_file(PROCESS, text, strlen(text));
  tell(UP, is_up ? "up\n" : "its root cannot be set up\n");
  int gate = open(GO, O_RDONLY | O_CLOEXEC);
  if (gate >= 0 && read(gate, &byte, 1) == 1)
    (void)!write(go[1], "g", 1);
  close(go[1]);
  for (;;) {
    int status, number_got;
    if (waitpid(process, &status, WNOHANG) == process)
      return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    if (sigwait(&asked, &number_got) == 0 && number_got == SIGTERM)
      kill(process, stop_signal());
  }
}

/* For the agent, before it starts a program: it is in the container, where there is one by now. */
void container_join(void) {
  size_t length;
  char path[64], *process = mounts < 0 ? contents(PROCESS, &length) : NULL;
  if (process == NULL || !load())
    return;
  snprintf(path, sizeof path, "/proc/%s/ns/mnt", process);
  mounts = open(path, O_RDONLY | O_CLOEXEC);
  snprintf(path, sizeof path, "/proc/%s/ns/pid", process);
  int processes = open(path, O_RDONLY | O_CLOEXEC);
  if (processes < 0 || setns(processes, CLONE_NEWPID) != 0)
    perror("topology: cannot enter the container");
  free(process);
}

/* For a child of the agent, before it becomes another program. */
void container_enter(void) {
  if (mounts < 0)
    return;
  if (setns(mounts, CLONE_NEWNS) != 0)
    fail("enter the container", "");
  become_contained();
}
