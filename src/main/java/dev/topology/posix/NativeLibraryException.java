package dev.topology.posix;

/** The operating system cannot be called: no directory holds, or may hold, the library for it. */
public final class NativeLibraryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NativeLibraryException(String message) {
    super(message);
  }

  /** What the user can do about it: one clause. */
  public String remedy() {
    return "set XDG_CACHE_HOME to a directory of yours with room, and not mounted noexec";
  }
}
