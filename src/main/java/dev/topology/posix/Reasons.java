package dev.topology.posix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import jnr.constants.platform.Errno;

/** Why the host refused a call or a file, in words, and what the user can do about it. */
public final class Reasons {

  private Reasons() {}

  /** The reason alone; the JDK's own messages are often the path alone. */
  public static String of(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "something that is not a directory is in the way";
    }
    if (e instanceof FileSystemException detailed && detailed.getReason() != null) {
      return detailed.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * What the user can do, as a clause without a full stop. Of a shortage: raise the limit, or free
   * some of what is short.
   *
   * @param otherwise the remedy of anything else; also the second remedy of a full disk
   */
  public static String remedy(IOException e, String otherwise) {
    if (is(e, Errno.ENOSPC) || is(e, Errno.EDQUOT)) {
      return "make room there, or " + otherwise;
    }
    if (is(e, Errno.EMFILE) || is(e, Errno.ENFILE)) {
      return "allow more open files: ulimit -n";
    }
    if (is(e, Errno.EAGAIN)) {
      return "allow more processes, each thread counts as one: ulimit -u";
    }
    return is(e, Errno.ENOMEM) || is(e, Errno.ENOBUFS) ? "free some memory" : otherwise;
  }

  /** {@link ProcessBuilder} says the reason at the end of its message, as others say it alone. */
  private static boolean is(IOException e, Errno errno) {
    return e instanceof SystemCallException call
        ? call.symbol().equals(errno.name())
        : of(e).endsWith(errno.description());
  }
}
