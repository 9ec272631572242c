package dev.topology.run.exec;

import dev.topology.posix.TemporaryPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An archive from a guest, unpacked in a directory of its own beside the place where it is to be.
 * Whatever the archive says, nothing outside that directory is written before {@link #place}, and
 * then only below the target.
 */
final class Unpacking implements AutoCloseable {

  private final Path target;
  private final String base;
  private final Path work;
  private final Path data;
  private final Map<Path, TarArchiveEntry> directories = new LinkedHashMap<>();
  private final Map<Path, String> skipped = new LinkedHashMap<>();

  /** What cannot be unpacked, or not to that place. */
  static final class UnfitException extends IOException {

    private static final long serialVersionUID = 1;

    UnfitException(String message) {
      super(message);
    }
  }

  private Unpacking(Path target, String base, Path work) {
    this.target = target;
    this.base = base;
    this.work = work;
    this.data = work.resolve("data");
  }

  /**
   * Begins.
   *
   * @param target where it is to be
   * @param base the name of the source; empty for the contents of a directory
   */
  static Unpacking beside(Path target, String base) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path place = Files.isDirectory(absolute) ? absolute : absolute.getParent();
    if (place == null || !Files.isDirectory(place)) {
      throw new UnfitException("there is no directory " + place);
    }
    return new Unpacking(absolute, base, Files.createTempDirectory(place, ".topology-cp-"));
  }

  /** Unpacks all of a stream. */
  void unpack(InputStream in) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(entry, tar);
      }
      in.transferTo(OutputStream.nullOutputStream());
    }
    Deque<Map.Entry<Path, TarArchiveEntry>> deepestFirst = new ArrayDeque<>();
    directories.entrySet().forEach(deepestFirst::push);
    for (Map.Entry<Path, TarArchiveEntry> each : deepestFirst) {
      finish(each.getKey(), each.getValue());
    }
  }

  /** Devices and pipes that were left out of a directory, as the archive calls them. */
  List<String> skipped() {
    return List.copyOf(skipped.values());
  }

  private void unpack(TarArchiveEntry entry, InputStream content) throws IOException {
    Path path = placeOf(entry.getName());
    if (entry.isDirectory()) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(path);
      }
      directories.put(path, entry);
    } else if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Path other = placeOf(entry.getLinkName());
      if (skipped.containsKey(other)) {
        skipped.put(path, entry.getName());
        return;
      }
      if (!Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
        throw new UnfitException("the guest's archive is wrong: no file " + entry.getLinkName());
      }
      Files.createLink(path, other);
    } else if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
      if (path.equals(data)) {
        throw new UnfitException(
            entry.getName() + " is a device or a pipe, which cannot be copied");
      }
      skipped.put(path, entry.getName());
    } else {
      Files.copy(content, path);
      finish(path, entry);
    }
  }

  /** Below the directory of its own, by way of directories that this has made, and no links. */
  private Path placeOf(String name) throws UnfitException {
    Path place = data;
    boolean isFirst = !base.isEmpty();
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        throw new UnfitException("the guest's archive is wrong: it has a name " + name);
      }
      if (isFirst) {
        isFirst = false;
        continue;
      }
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        throw new UnfitException("the guest's archive is wrong: it has a name " + name);
      }
      place = place.resolve(part);
    }
    return place;
  }

  private static void finish(Path path, TarArchiveEntry entry) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int bit = 0; bit < all.length; bit++) {
      if ((entry.getMode() & 0400 >> bit) != 0) {
        permissions.add(all[bit]);
      }
    }
    Files.setLastModifiedTime(path, entry.getLastModifiedTime());
    Files.setPosixFilePermissions(path, permissions);
  }

  /** Gives what was unpacked its name. */
  void place() throws IOException {
    if (!Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnfitException("the guest has sent nothing");
    }
    boolean isDirectory = Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS);
    Path place = Files.isDirectory(target) && !base.isEmpty() ? target.resolve(base) : target;
    if (Files.isDirectory(place)) {
      if (!isDirectory) {
        throw new UnfitException(place + " is a directory, which a file cannot replace");
      }
      merge(place);
    } else if (isDirectory && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnfitException(place + " is a file, which a directory cannot replace");
    } else {
      move(data, place);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void merge(Path into) throws IOException {
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            Path to = into.resolve(data.relativize(from));
            if (!from.equals(data) && !Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
              if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                throw new UnfitException(to + " is no directory, and one cannot replace it");
              }
              move(from, to);
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
              throws IOException {
            Path to = into.resolve(data.relativize(from));
            if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
              throw new UnfitException(to + " is a directory, which a file cannot replace");
            }
            move(from, to);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Removes what has not got its name. */
  @Override
  public void close() throws IOException {
    TemporaryPlace.deleteTree(work);
  }
}
