package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Objects;
import java.util.Optional;

/** Where a verb writes what it makes: a new file, or standard output. */
final class NewFile {

  private static final String OUTPUT = "--output";
  private static final String FORCE = "--force";

  private final Invocation invocation;

  private NewFile(Invocation invocation) {
    this.invocation = invocation;
  }

  static NewFile of(Invocation invocation) {
    return new NewFile(invocation);
  }

  /** Lets a verb take the options that this reads. */
  static VerbSpec options(VerbSpec spec) {
    return spec.option(
            "-o " + OUTPUT, "FILE", Path.class, "Writes this file instead of standard output.")
        .flag(FORCE, "Writes it even if there is such a file already.");
  }

  /** The file, as the user named it; {@code -} means standard output. */
  Optional<Path> path() {
    return invocation.<Path>option(OUTPUT).filter(file -> !TextFile.isStandardInput(file));
  }

  /**
   * Writes it, whole or not at all, and says so.
   *
   * @param inputs files that the text was made of, which are never written over
   */
  void write(String text, Path... inputs) throws UsageException, UnwritableFileException {
    Optional<Path> path = path();
    if (path.isEmpty()) {
      invocation.print(text);
      return;
    }
    Path file = invocation.surroundings().resolve(path.get());
    for (Path input : inputs) {
      if (isSame(file, invocation.surroundings().resolve(input))) {
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

  private static void replace(Path file, Path name, String text) throws UnwritableFileException {
    try {
      AtomicFile.write(file, text.getBytes(UTF_8));
    } catch (NoSuchFileException e) {
      throw unwritable(name, "there is no directory " + Paths.get(e.getFile()).getParent(), e);
    } catch (FileSystemException e) {
      String why = Objects.requireNonNullElse(e.getReason(), e.toString());
      throw unwritable(name, why.replace(e.getFile() + ": ", ""), e);
    } catch (IOException e) {
      throw unwritable(name, e.toString(), e);
    }
  }

  private static UnwritableFileException unwritable(Path file, String why, IOException e) {
    return new UnwritableFileException(file + " cannot be written: " + why, e);
  }
}
