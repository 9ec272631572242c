package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.UsageErrors.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where a verb writes what it makes: a new file, or standard output. A file is replaced in one
 * step: a reader, or a crash, sees the old or the new.
 */
final class OutputFile {

  /** A file that the user wants to have cannot be written. */
  static final class UnwritableException extends Exception {

    private static final long serialVersionUID = 1L;

    UnwritableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static final String OUTPUT = "--output";
  private static final String FORCE = "--force";

  private final Invocation invocation;

  private OutputFile(Invocation invocation) {
    this.invocation = invocation;
  }

  static OutputFile of(Invocation invocation) {
    return new OutputFile(invocation);
  }

  /** Lets a verb take the options that this reads. */
  static VerbSpec options(VerbSpec spec) {
    return spec.option(
            "-o " + OUTPUT, "FILE", Path.class, "Writes this file instead of standard output.")
        .flag(FORCE, "Writes it even if there is such a file already.");
  }

  /** The file, as the user named it; {@code -} means standard output. */
  Optional<Path> path() {
    return invocation.<Path>option(OUTPUT).filter(file -> !Invocation.isStandardInput(file));
  }

  /**
   * Writes it, whole or not at all, and says so.
   *
   * @param inputs files that the text was made of, which are never written over
   */
  void write(String text, Path... inputs) throws UsageException, UnwritableException {
    Optional<Path> path = path();
    if (path.isEmpty()) {
      invocation.print(text);
      return;
    }
    Path file = invocation.user().resolve(path.get());
    for (Path input : inputs) {
      if (isSame(file, invocation.user().resolve(input))) {
        throw new UsageException(path.get() + " is what is read: name another file");
      }
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !invocation.has(FORCE)) {
      throw new UsageException(path.get() + " is there already; " + FORCE + " writes over it");
    }
    replace(file, path.get(), text);
    invocation.printError("topology: " + path.get() + " is written");
  }

  private static boolean isSame(Path file, Path input) {
    try {
      return Files.isSameFile(file, input);
    } catch (IOException oneIsNotThere) {
      return false;
    }
  }

  /**
   * Writes a file in one step, as {@link #replace(Path, byte[])} does.
   *
   * @param name what messages call it
   */
  static void replace(Path file, Path name, String text) throws UnwritableException {
    try {
      replace(file, text.getBytes(UTF_8));
    } catch (NoSuchFileException e) {
      throw unwritable(name, "there is no directory " + Paths.get(e.getFile()).getParent(), e);
    } catch (FileSystemException e) {
      String why = Objects.requireNonNullElse(e.getReason(), e.toString());
      throw unwritable(name, why.replace(e.getFile() + ": ", ""), e);
    } catch (IOException e) {
      throw unwritable(name, e.toString(), e);
    }
  }

  private static UnwritableException unwritable(Path file, String why, IOException e) {
    return new UnwritableException(file + " cannot be written: " + why, e);
  }

  /**
   * Writes a file beside it, with its mode, and renames that. A symbolic link stays one: what it
   * leads to is replaced. What is there and is not a regular file stays as it is.
   *
   * @throws FileSystemException if it is not a regular file
   */
  static void replace(Path file, byte[] bytes) throws IOException {
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
