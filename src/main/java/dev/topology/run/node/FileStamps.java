package dev.topology.run.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What files and directories of the host were at a moment, as far as their numbers, sizes and times
 * of change tell: for a directory, those of all that is in it.
 */
public final class FileStamps {

  /** Of what is not there, or cannot be looked at. */
  private static final long NOTHING = 0;

  private final Map<Path, Long> stamps = new LinkedHashMap<>();

  private FileStamps() {}

  /** What they are now. Blocks while directories are walked. */
  public static FileStamps of(Collection<Path> files) {
    FileStamps now = new FileStamps();
    files.forEach(file -> now.stamps.computeIfAbsent(file, FileStamps::stamp));
    return now;
  }

  private static long stamp(Path file) {
    try {
      BasicFileAttributes own = Files.readAttributes(file, BasicFileAttributes.class);
      return own.isDirectory() ? ofTree(file) : of(own);
    } catch (IOException | UncheckedIOException unreadable) {
      return NOTHING;
    }
  }

  private static long ofTree(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      // In whichever order the file system lists them.
      return all.mapToLong(FileStamps::ofEntry).sum();
    }
  }

  private static long ofEntry(Path entry) {
    try {
      return Objects.hash(
          entry,
          of(Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long of(BasicFileAttributes file) {
    return Objects.hash(file.fileKey(), file.size(), file.lastModifiedTime());
  }

  /** Those that are others now, as far as both know them. */
  public List<Path> changedIn(FileStamps later) {
    return stamps.keySet().stream()
        .filter(
            file ->
                later.stamps.containsKey(file)
                    && !Objects.equals(stamps.get(file), later.stamps.get(file)))
        .toList();
  }
}
