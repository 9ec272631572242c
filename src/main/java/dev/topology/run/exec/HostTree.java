package dev.topology.run.exec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A file or directory of the host, to be written as an archive in which it is called {@code data}.
 *
 * @param source where it is; not followed, if it is a link
 * @param kind what it is
 */
record HostTree(Path source, GuestCopy.Kind kind) {

  private static final String DATA = "data";
  private static final int MODE = 07777;
  private static final int LARGEST_WITHOUT_SIZE = 16 << 20;

  /** Something of the host that cannot be copied. */
  static final class UnreadableException extends IOException {

    private static final long serialVersionUID = 1;

    UnreadableException(String message, IOException cause) {
      super(message, cause);
    }

    UnreadableException(String message) {
      super(message);
    }
  }

  static HostTree of(Path source) throws UnreadableException {
    Path path = source.toAbsolutePath();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnreadableException("there is no " + source);
    }
    boolean contents = path.endsWith(".");
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !contents) {
      return new HostTree(path, GuestCopy.Kind.FILE);
    }
    return new HostTree(path, contents ? GuestCopy.Kind.CONTENTS : GuestCopy.Kind.DIRECTORY);
  }

  /** What it is called where it is copied into a directory. */
  String name() {
    return source.normalize().getFileName() == null
        ? DATA
        : source.normalize().getFileName().toString();
  }

  /**
   * Writes the archive, in the format that every tar reads, busybox's too. Devices, pipes and
   * sockets in a directory are left out.
   *
   * @return those
   */
  List<Path> write(OutputStream out) throws IOException {
    List<Path> skipped = new ArrayList<>();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      List<Path> all;
      Path root = source.normalize();
      try (Stream<Path> found = Files.walk(root)) {
        all = found.toList();
      } catch (UncheckedIOException e) {
        throw unreadable(root, Objects.requireNonNullElseGet(e.getCause(), IOException::new));
      }
      for (Path each : all) {
        String below = root.relativize(each).toString();
        if (below.isEmpty() || !isSpecial(each)) {
          add(each, below.isEmpty() ? DATA : DATA + "/" + below, tar);
        } else {
          skipped.add(each);
        }
      }
    }
    return skipped;
  }

  private static boolean isSpecial(Path path) throws UnreadableException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static void add(Path path, String name, TarArchiveOutputStream tar) throws IOException {
    TarArchiveEntry entry;
    InputStream content = InputStream.nullInputStream();
    try {
      if (Files.isSymbolicLink(path)) {
        entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(Files.readSymbolicLink(path).toString());
      } else if (Files.isDirectory(path)) {
        entry = new TarArchiveEntry(name + "/");
      } else if (Files.isRegularFile(path)) {
        entry = new TarArchiveEntry(name);
        content = Files.newInputStream(path);
        entry.setSize(Files.size(path));
        if (entry.getSize() == 0) {
          // Files of /proc and /sys say no size.
          byte[] whole = wholeOf(content, path);
          content = new ByteArrayInputStream(whole);
          entry.setSize(whole.length);
        }
      } else {
        throw new UnreadableException(path + " is neither a file, a directory nor a link");
      }
      entry.setMode(
          (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE);
      entry.setModTime(Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
      entry.setIds(0, 0);
    } catch (UnreadableException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    try (InputStream open = content) {
      tar.putArchiveEntry(entry);
      long copied = copy(open, entry.getSize(), path, tar);
      if (copied < entry.getSize()) {
        throw new UnreadableException(path + " became shorter while it was copied");
      }
      tar.closeArchiveEntry();
    }
  }

  private static byte[] wholeOf(InputStream content, Path path) throws IOException {
    try (content) {
      byte[] whole = content.readNBytes(LARGEST_WITHOUT_SIZE + 1);
      if (whole.length > LARGEST_WITHOUT_SIZE) {
        throw new UnreadableException(
            path + " says no size, and has more than " + (LARGEST_WITHOUT_SIZE >> 20) + " MiB");
      }
      return whole;
    }
  }

  /** No more than the size that the archive says: the file may grow meanwhile. */
  private static long copy(InputStream content, long size, Path path, OutputStream out)
      throws IOException {
    byte[] piece = new byte[64 * 1024];
    long copied = 0;
    while (copied < size) {
      int count;
      try {
        count = content.read(piece, 0, (int) Math.min(piece.length, size - copied));
      } catch (IOException e) {
        throw unreadable(path, e);
      }
      if (count < 0) {
        return copied;
      }
      out.write(piece, 0, count);
      copied += count;
    }
    return copied;
  }

  private static UnreadableException unreadable(Path path, IOException e) {
    String why =
        e instanceof AccessDeniedException
            ? "permission denied"
            : e instanceof NoSuchFileException ? "it is gone" : String.valueOf(e.getMessage());
    return new UnreadableException("cannot read " + path + ": " + why, e);
  }
}
