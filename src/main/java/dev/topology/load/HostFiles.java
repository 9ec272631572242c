package dev.topology.load;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the loader may know of the files of the host. */
@FunctionalInterface
public interface HostFiles {

  /** The files of this machine. */
  HostFiles LOCAL = HostFiles::lookAt;

  /** Whatever is asked for is there and of the right kind. */
  HostFiles ASSUMED = path -> State.ANY;

  /** What is at a path. Follows symbolic links. */
  State stateOf(Path path);

  /** What can be at a path. */
  enum State {
    ANY,
    FILE,
    DIRECTORY,
    MISSING,
    UNREADABLE,
    SPECIAL
  }

  private static State lookAt(Path path) {
    if (!Files.exists(path)) {
      return State.MISSING;
    }
    if (!Files.isReadable(path)) {
      return State.UNREADABLE;
    }
    if (Files.isDirectory(path)) {
      return State.DIRECTORY;
    }
    return Files.isRegularFile(path) ? State.FILE : State.SPECIAL;
  }
}
