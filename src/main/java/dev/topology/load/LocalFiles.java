package dev.topology.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of this machine. */
final class LocalFiles implements HostFiles {

  @Override
  public State stateOf(Path path) {
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

  @Override
  public FileContent contentOf(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return FileContent.of(in.readNBytes(FileContent.HEAD_BYTES));
    } catch (IOException e) {
      // It was readable a moment ago; whoever really needs it will say what is the matter.
      return FileContent.UNKNOWN;
    }
  }
}
