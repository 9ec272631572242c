package dev.topology.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Replaces what a file holds in one step: a reader, or a crash, sees the old or the new. */
final class AtomicFile {

  private AtomicFile() {}

  /**
   * Writes a file beside it, with its mode, and renames that. A symbolic link stays one: what it
   * leads to is replaced. What is there and is not a regular file stays as it is.
   *
   * @throws FileSystemException if it is not a regular file
   */
  static void write(Path file, byte[] bytes) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
      throw new FileSystemException(file.toString(), null, "it is not a regular file");
    }
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path fresh =
        target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
    Optional<Set<PosixFilePermission>> mode =
        Files.exists(target)
            ? Optional.of(Files.getPosixFilePermissions(target))
            : Optional.empty();
    try {
      write(fresh, bytes, mode);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void write(Path file, byte[] bytes, Optional<Set<PosixFilePermission>> mode)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      if (mode.isPresent()) {
        Files.setPosixFilePermissions(file, mode.get());
      }
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      // Otherwise, some file systems rename before they write, and a crash leaves an empty file.
      channel.force(true);
    }
  }
}
