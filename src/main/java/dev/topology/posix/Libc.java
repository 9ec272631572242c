package dev.topology.posix;

import static dev.topology.posix.NativeFunction.returningInt;
import static dev.topology.posix.NativeFunction.returningLong;

import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import java.util.Optional;

/**
 * The functions of the C library that this package calls, under their C names; their manual pages
 * are their documentation. The {@code posix_spawn} family returns an error number, the others leave
 * it in {@code errno}.
 */
final class Libc {
  // Numbers from Linux's headers, the same on every 64-bit machine Java 17 runs on.
  static final int EINTR = 4;
  static final int ECHILD = 10;
  static final int EAGAIN = 11;
  static final int EPIPE = 32;
  static final int ECONNRESET = 104;

  /** Reads and writes memory that is not Java's. */
  final MemoryIO memory = MemoryIO.getInstance();

  final NativeFunction accept4 = returningInt("accept4", 4);
  final NativeFunction bind = returningInt("bind", 3);
  final NativeFunction close = returningInt("close", 1);
  final NativeFunction connect = returningInt("connect", 3);
  final NativeFunction eventfd = returningInt("eventfd", 2);
  final NativeFunction fcntl = returningInt("fcntl", 3);
  final NativeFunction ftruncate = returningInt("ftruncate", 2);
  final NativeFunction getsockname = returningInt("getsockname", 3);
  final NativeFunction ioctl = returningInt("ioctl", 3);
  final NativeFunction listen = returningInt("listen", 2);
  final NativeFunction mkfifo = returningInt("mkfifo", 2);
  final NativeFunction open = returningInt("open", 3);
  final NativeFunction pipe2 = returningInt("pipe2", 2);
  final NativeFunction ppoll = returningInt("ppoll", 4);
  final NativeFunction prctl = returningInt("prctl", 5);
  final NativeFunction read = returningLong("read", 3);
  final NativeFunction recv = returningLong("recv", 4);
  final NativeFunction recvmmsg = returningInt("recvmmsg", 5);
  final NativeFunction sendmmsg = returningInt("sendmmsg", 4);
  final NativeFunction tee = returningLong("tee", 4);
  final NativeFunction write = returningLong("write", 3);
  final NativeFunction send = returningLong("send", 4);
  final NativeFunction setsockopt = returningInt("setsockopt", 5);
  final NativeFunction shutdown = returningInt("shutdown", 2);
  final NativeFunction socket = returningInt("socket", 3);
  final NativeFunction socketpair = returningInt("socketpair", 4);
  final NativeFunction syscall = returningLong("syscall", 5);

  final NativeFunction kill = returningInt("kill", 2);
  final NativeFunction sigaction = returningInt("sigaction", 3);
  final NativeFunction sigfillset = returningInt("sigfillset", 1);
  final NativeFunction signal = returningLong("signal", 2);
  final NativeFunction waitid = returningInt("waitid", 4);
  final NativeFunction waitpid = returningInt("waitpid", 3);

  final NativeFunction posixSpawn = returningInt("posix_spawn", 6);
  final NativeFunction actionsInit = returningInt("posix_spawn_file_actions_init", 1);
  final NativeFunction actionsDestroy = returningInt("posix_spawn_file_actions_destroy", 1);
  final NativeFunction actionsAddDup2 = returningInt("posix_spawn_file_actions_adddup2", 3);
  final NativeFunction actionsAddClose = returningInt("posix_spawn_file_actions_addclose", 2);
  final NativeFunction actionsAddOpen = returningInt("posix_spawn_file_actions_addopen", 5);

  /** glibc 2.29 and later, and musl 1.1.24 and later. */
  final NativeFunction actionsAddChdir = returningInt("posix_spawn_file_actions_addchdir_np", 2);

  /** glibc 2.34 and later. */
  final NativeFunction actionsAddCloseFrom =
      returningInt("posix_spawn_file_actions_addclosefrom_np", 2);

  final NativeFunction attributesInit = returningInt("posix_spawnattr_init", 1);
  final NativeFunction attributesDestroy = returningInt("posix_spawnattr_destroy", 1);
  final NativeFunction attributesSetFlags = returningInt("posix_spawnattr_setflags", 2);
  final NativeFunction attributesSetGroup = returningInt("posix_spawnattr_setpgroup", 2);
  final NativeFunction attributesSetMask = returningInt("posix_spawnattr_setsigmask", 2);
  final NativeFunction attributesSetDefault = returningInt("posix_spawnattr_setsigdefault", 2);

  private Libc() {}

  /**
   * The library, found on the first call.
   *
   * @throws NativeLibraryException if no C function can be called here
   */
  static Libc get() {
    return Loaded.LIBC.orElseThrow(() -> new NativeLibraryException(Loaded.problem));
  }

  /**
   * The address of this process's environment, the variable {@code environ}: handing it on as it is
   * keeps bytes that Java cannot decode in its locale.
   */
  long environment() {
    return memory.getAddress(Library.getDefault().getSymbolAddress("environ"));
  }

  /** Keeps a failure as well: of a static initialiser, only the first failure has a message. */
  private static final class Loaded {
    static final Optional<Libc> LIBC;
    static final String problem;

    static {
      Optional<Libc> libc = Optional.empty();
      String why = "";
      try {
        NativeLibrary.load(System.getenv());
        libc = Optional.of(new Libc());
      } catch (NativeLibraryException e) {
        why = String.valueOf(e.getMessage());
      }
      LIBC = libc;
      problem = why;
    }
  }
}
