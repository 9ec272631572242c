package dev.topology.language.load;

import java.nio.file.Path;

/** What the loader may know of the files of the host. */
@FunctionalInterface
public interface HostFiles {

  /** Every file exists and is of the right kind. */
  HostFiles ASSUMED = path -> State.ANY;

  /** The files of this machine. */
  static HostFiles local() {
    return new LocalFiles();
  }

  /** What is at a path. Follows symbolic links. */
  State stateOf(Path path);

  /** What a regular file holds; it is asked for kernels and the like only. */
  default FileContent contentOf(Path file) {
    return FileContent.UNKNOWN;
  }

  /** Whether a path is itself a symbolic link, whatever it leads to. */
  default boolean isLink(Path path) {
    return false;
  }

  /** The same, by {@link Object#equals}, for two paths that lead to one file, there or not yet. */
  default Object identityOf(Path path) {
    return path;
  }

  /** How many bytes a file has, or all the files in a directory; 0 where that cannot be told. */
  default long sizeOf(Path path) {
    return 0;
  }

  /** What can be at a path. */
  enum State {
    ANY,
    FILE,
    DIRECTORY,
    MISSING,
    UNREADABLE,
    SPECIAL
  }
}
