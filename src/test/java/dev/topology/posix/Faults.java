package dev.topology.posix;

import dev.topology.posix.NativeFunction.Interposer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An operating system that does not always do as it is told. A JVM of its own takes it by its class
 * name, see {@link Interposer}; it does nothing until it is told to.
 */
public final class Faults implements Interposer {

  /** The argument that puts it between a JVM and the C library. */
  public static final String JVM_ARGUMENT = "-D" + PROPERTY + "=" + Faults.class.getName();

  private static final int EINTR = 4;
  private static final int EIO = 5;
  private static final int EAGAIN = 11;
  private static final int ENOMEM = 12;
  private static final int EACCES = 13;
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;
  private static final int ENOSPC = 28;
  private static final int EPIPE = 32;
  private static final int ENOLCK = 37;
  private static final int EADDRINUSE = 98;
  private static final int EADDRNOTAVAIL = 99;
  private static final int ENOBUFS = 105;

  /**
   * How calls fail in a process that is right, by their manual pages. What cannot fail there, such
   * as {@code close}, is not in it.
   */
  private static final Map<String, List<Integer>> PLAUSIBLE =
      Map.ofEntries(
          Map.entry("accept4", List.of(EMFILE, ENOMEM, EINTR)),
          Map.entry("bind", List.of(EADDRINUSE)),
          Map.entry("connect", List.of(EADDRNOTAVAIL, EINTR)),
          Map.entry("eventfd", List.of(EMFILE, ENOMEM)),
          Map.entry("fcntl", List.of(ENOLCK, EINTR)),
          Map.entry("getsockname", List.of(ENOBUFS)),
          Map.entry("listen", List.of(EADDRINUSE)),
          Map.entry("mkfifo", List.of(ENOSPC, EACCES)),
          Map.entry("open", List.of(EMFILE, ENOSPC, EINTR)),
          Map.entry("posix_spawn", List.of(EAGAIN, ENOMEM)),
          Map.entry("posix_spawn_file_actions_init", List.of(ENOMEM)),
          Map.entry("posix_spawn_file_actions_adddup2", List.of(ENOMEM)),
          Map.entry("posix_spawn_file_actions_addclose", List.of(ENOMEM)),
          Map.entry("posix_spawn_file_actions_addopen", List.of(ENOMEM)),
          Map.entry("posix_spawn_file_actions_addclosefrom_np", List.of(ENOMEM)),
          Map.entry("posix_spawnattr_init", List.of(ENOMEM)),
          Map.entry("ppoll", List.of(EINTR)),
          Map.entry("read", List.of(EINTR, EIO)),
          Map.entry("recvmmsg", List.of(EINTR, ENOMEM)),
          Map.entry("send", List.of(EINTR, EPIPE, ENOBUFS)),
          Map.entry("sendmmsg", List.of(EINTR, ENOBUFS)),
          Map.entry("sendmsg", List.of(EINTR, ENOBUFS)),
          Map.entry("setsockopt", List.of(ENOMEM)),
          Map.entry("socket", List.of(EMFILE, ENOBUFS)),
          Map.entry("socketpair", List.of(EMFILE, ENFILE)),
          Map.entry("waitid", List.of(EINTR)),
          Map.entry("waitpid", List.of(EINTR)));

  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final Map<Integer, String> NAMES = new ConcurrentHashMap<>();
  private static volatile Plan plan = new Plan(0, 0);
  private static volatile Optional<String> hit = Optional.empty();
  private static volatile boolean nasty;
  private static final ThreadLocal<Integer> ERRNO = ThreadLocal.withInitial(() -> 0);

  /** The number of the call that fails, from 1, or 0 for none, and which of its errors it gets. */
  private record Plan(int call, int error) {}

  /** Counts calls that can fail from now on, and has one fail. */
  public static void fail(int call, int error) {
    hit = Optional.empty();
    CALLS.set(0);
    plan = new Plan(call, error);
  }

  /**
   * From now on one call of two is interrupted, by chance, and none moves more than eight bytes.
   */
  public static void beNasty() {
    nasty = true;
  }

  /** How many calls that can fail there were. */
  public static int calls() {
    return CALLS.get();
  }

  /** The name of a call of the last run; in the next it may have another number. */
  public static String name(int call) {
    return NAMES.getOrDefault(call, "");
  }

  /** What failed, and how; nothing if the call was not reached, or has no such error. */
  public static Optional<String> hit() {
    return hit;
  }

  @Override
  public boolean refuses(String function) {
    List<Integer> errors = PLAUSIBLE.getOrDefault(function, List.of());
    if (errors.isEmpty()) {
      return false;
    }
    int call = CALLS.incrementAndGet();
    NAMES.put(call, function);
    if (nasty && errors.contains(EINTR) && ThreadLocalRandom.current().nextBoolean()) {
      ERRNO.set(EINTR);
      return true;
    }
    Plan now = plan;
    if (call != now.call() || now.error() >= errors.size()) {
      return false;
    }
    int errno = errors.get(now.error());
    ERRNO.set(errno);
    hit = Optional.of(function + ": " + SystemCallException.reason(errno));
    return true;
  }

  @Override
  public int errno() {
    return ERRNO.get();
  }

  @Override
  public long atMost(String function, long bytes) {
    return nasty ? Math.min(bytes, 8) : bytes;
  }
}
