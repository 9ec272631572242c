package dev.topology.posix;

import java.io.IOException;
import jnr.constants.platform.Errno;

/** A call to the operating system that failed, with its reason. */
public class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  SystemCallException(String attempt, int errno) {
    super(attempt + ": " + reason(errno));
    this.errno = errno;
  }

  /** The reason's symbol, as {@code errno(3)} has it: {@code ENOENT}, {@code EMFILE}. */
  public final String symbol() {
    return symbol(errno);
  }

  /** The failure of this thread's last call to {@code function}. */
  static SystemCallException last(NativeFunction function) {
    return new SystemCallException(function.name(), NativeFunction.errno());
  }

  static String reason(int errno) {
    return Errno.valueOf(errno).description() + " (" + symbol(errno) + ")";
  }

  private static String symbol(int errno) {
    return Errno.valueOf(errno).name();
  }
}
