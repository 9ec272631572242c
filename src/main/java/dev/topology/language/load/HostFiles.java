package dev.topology.language.load;

import dev.topology.disk.BlockDevice;
import dev.topology.disk.DiskFile;
import dev.topology.disk.DiskFileException;
import dev.topology.model.Disk;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the loader asks about files of the host. */
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

  /** What a regular file contains. Asked for kernels, initramfs files and captures only. */
  default FileContent contentOf(Path file) {
    return FileContent.UNKNOWN;
  }

  /** Whether a path is itself a symbolic link, whatever it leads to. */
  default boolean isLink(Path path) {
    return false;
  }

  /** Whether this user may write to a file that exists. */
  default boolean isWritable(Path file) {
    return true;
  }

  /**
   * The disk that a regular file or a block device is; empty if that is not known.
   *
   * @throws DiskFileException if it cannot be one
   */
  default Optional<DiskFile> diskAt(Disk.Source.OfFile source) throws DiskFileException {
    return Optional.empty();
  }

  /** An object that is equal for two paths to the same file, whether the file exists or not. */
  default Object identityOf(Path path) {
    return path;
  }

  /** The size of a file, or of all files in a directory, in bytes; 0 if it cannot be read. */
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
    BLOCK_DEVICE,
    SPECIAL;

    /** What there may be where a file is needed; what is not known may be one. */
    static final Set<State> WITH_A_FILE = Collections.unmodifiableSet(EnumSet.of(ANY, FILE));

    /** Where the content of a disk is needed. */
    static final Set<State> WITH_A_DISK =
        Collections.unmodifiableSet(EnumSet.of(ANY, FILE, BLOCK_DEVICE));

    /** Where a directory is needed. */
    static final Set<State> WITH_A_DIRECTORY =
        Collections.unmodifiableSet(EnumSet.of(ANY, DIRECTORY));

    /**
     * The mistake that a path is in this state; none if that is among what is needed.
     *
     * @param what what the path should lead to, for people: {@code a kernel}
     * @param isRelative whether it was written as a relative path
     */
    Optional<Diagnostic> mistake(
        Set<State> needed, Path path, String what, boolean isRelative, Location place) {
      return needed.contains(this)
          ? Optional.empty()
          : Optional.of(
              Diagnostic.of(DiagnosticId.HOST_FILE, place, path + " " + complaint(what))
                  .hint(hint(isRelative)));
    }

    private String complaint(String wanted) {
      return switch (this) {
        case MISSING -> "does not exist";
        case UNREADABLE -> "cannot be read";
        case DIRECTORY -> "is a directory, not " + wanted;
        case FILE -> "is a file, not " + wanted;
        case BLOCK_DEVICE, SPECIAL, ANY -> "is not " + wanted;
      };
    }

    /** What may have been overlooked. */
    private Optional<String> hint(boolean isRelative) {
      if (this == UNREADABLE) {
        return Optional.of("\"ls -l\" shows which users and groups may read it");
      }
      return this == MISSING && isRelative
          ? Optional.of("relative paths start where the topology file is")
          : Optional.empty();
    }
  }

  /** The files of this machine. */
  static final class LocalFiles implements HostFiles {

    private static final int MOST_FILES = 100_000;

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
      if (Files.isRegularFile(path)) {
        return State.FILE;
      }
      return device(path).isPresent() ? State.BLOCK_DEVICE : State.SPECIAL;
    }

    private static Optional<BlockDevice> device(Path path) {
      try {
        return BlockDevice.at(path);
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    @Override
    public boolean isWritable(Path file) {
      return Files.isWritable(file);
    }

    @Override
    public Optional<DiskFile> diskAt(Disk.Source.OfFile source) throws DiskFileException {
      return Optional.of(DiskFile.read(source));
    }

    @Override
    public boolean isLink(Path path) {
      return Files.isSymbolicLink(path);
    }

    @Override
    public Object identityOf(Path path) {
      try {
        if (Files.exists(path)) {
          Optional<BlockDevice> device = device(path);
          if (device.isPresent()) {
            return device.get().number();
          }
          Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
          return key == null ? path.toRealPath() : key;
        }
        Path name = path.getFileName();
        Path directory = path.getParent();
        return name == null || directory == null ? path : directory.toRealPath().resolve(name);
      } catch (IOException e) {
        return path;
      }
    }

    /** Stops early in a huge directory: a part of it is already too much. */
    @Override
    public long sizeOf(Path path) {
      try (Stream<Path> all = Files.walk(path)) {
        return all.limit(MOST_FILES).filter(Files::isRegularFile).mapToLong(LocalFiles::size).sum();
      } catch (IOException | UncheckedIOException e) {
        return 0;
      }
    }

    private static long size(Path file) {
      try {
        return Files.size(file);
      } catch (IOException e) {
        return 0;
      }
    }

    @Override
    public FileContent contentOf(Path file) {
      try (InputStream in = Files.newInputStream(file)) {
        return FileContent.of(in.readNBytes(FileContent.HEAD_BYTES));
      } catch (IOException e) {
        // It was readable a moment ago. The next attempt to open it reports the failure.
        return FileContent.UNKNOWN;
      }
    }
  }
}
