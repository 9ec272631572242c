package dev.topology.image.initramfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * The files of an initramfs, by guest path.
 *
 * <p>Guest paths are absolute or relative to the root, which means the same. Missing parent
 * directories are added with mode 0755; a later entry replaces an earlier one of the same path.
 * {@link #writeTo} gives the same bytes for the same tree: sorted by path, every time stamp zero.
 * Not thread-safe.
 */
public final class FileTree {

  private static final int DIRECTORY_MODE = 0755;

  /** The name of the root in an archive. */
  private static final String ROOT = ".";

  /**
   * The length of an archive is a multiple of this, a page. QEMU lays an initramfs at the end of a
   * microvm's memory, up to where its length leads it in the last page. There the firmware of QEMU
   * 10 (SeaBIOS 1.16.3) has just put the ACPI tables, and nobody finds a device without those. Of
   * whole pages, it ends before that page.
   */
  static final int BLOCK_SIZE = 4096;

  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final Predicate<String> existing;

  /** A complete tree. */
  public FileTree() {
    this(path -> false);
  }

  /**
   * A tree that is laid over another one.
   *
   * @param existing whether a relative path exists there: no directory is added for it
   */
  FileTree(Predicate<String> existing) {
    this.existing = existing;
  }

  /** Adds a directory, or changes the mode and owner of an existing one; "/" is the root. */
  public FileTree directory(String path, int mode, Owner owner) {
    if (GuestPath.isRoot(path)) {
      entries.put(ROOT, new Entry.Directory(mode, owner));
      return this;
    }
    return put(path, new Entry.Directory(mode, owner));
  }

  public FileTree directory(String path, int mode) {
    return directory(path, mode, Owner.ROOT);
  }

  /** Adds a file whose content stands in a host file; it is read when the tree is written. */
  public FileTree file(String path, int mode, Path content) {
    return file(path, mode, Owner.ROOT, content);
  }

  /** Adds such a file with an owner. */
  public FileTree file(String path, int mode, Owner owner, Path content) {
    return put(path, new Entry.HostFile(mode, owner, content));
  }

  /** Adds a small text file. */
  public FileTree text(String path, int mode, String content) {
    return bytes(path, mode, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a file held in memory. */
  public FileTree bytes(String path, int mode, byte[] content) {
    return put(path, new Entry.Bytes(mode, content));
  }

  /** Adds a symbolic link. */
  public FileTree link(String path, String target) {
    return put(path, new Entry.SymbolicLink(target));
  }

  /** Adds a character device, for root only. */
  public FileTree device(String path, int major, int minor) {
    return put(path, new Entry.Device(major, minor));
  }

  /**
   * Adds a file that has all its content from another entry; there are no hard links in an
   * initramfs of ours.
   */
  public FileTree sameFile(String path, String other) {
    Entry entry = entries.get(GuestPath.relative(other));
    if (entry == null) {
      throw new IllegalArgumentException("there is no file " + other + " to link " + path + " to");
    }
    return put(path, entry);
  }

  /** Whether there is an entry of that path. */
  public boolean contains(String path) {
    return entries.containsKey(GuestPath.relative(path));
  }

  /** The host file that holds the content of the file of that path, if there is such a file. */
  public Optional<Path> content(String path) {
    return entries.get(GuestPath.relative(path)) instanceof Entry.HostFile file
        ? Optional.of(file.content())
        : Optional.empty();
  }

  /** The target of the symbolic link of that path, if there is one. */
  public Optional<String> linkTarget(String path) {
    return entries.get(GuestPath.relative(path)) instanceof Entry.SymbolicLink link
        ? Optional.of(link.target())
        : Optional.empty();
  }

  /** Writes the tree as one complete newc archive. Does not close the stream. */
  public void writeTo(OutputStream target) throws IOException {
    CpioArchiveOutputStream archive =
        new CpioArchiveOutputStream(
            target, CpioConstants.FORMAT_NEW, BLOCK_SIZE, StandardCharsets.UTF_8.name());
    CpioWriter writer = new CpioWriter(archive);
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      writer.write(entry.getKey(), entry.getValue());
    }
    archive.finish();
  }

  private FileTree put(String path, Entry entry) {
    String relative = GuestPath.relative(path);
    for (int slash = relative.indexOf('/'); slash > 0; slash = relative.indexOf('/', slash + 1)) {
      String parent = relative.substring(0, slash);
      if (!existing.test(parent)) {
        entries.putIfAbsent(parent, new Entry.Directory(DIRECTORY_MODE, Owner.ROOT));
      }
    }
    entries.put(relative, entry);
    return this;
  }

  /** One file, directory or symbolic link of an initramfs. Modes hold the permission bits only. */
  sealed interface Entry {

    int mode();

    /** Who owns the entry in the guest; almost always root. */
    Owner owner();

    /** A directory. */
    record Directory(int mode, Owner owner) implements Entry {}

    /** A file whose content is read from the host when the archive is written. */
    record HostFile(int mode, Owner owner, Path content) implements Entry {}

    /** A file made in memory. Not a record: those compare arrays by identity. */
    final class Bytes implements Entry {

      private final int mode;
      private final byte[] content;

      Bytes(int mode, byte[] content) {
        this.mode = mode;
        this.content = content;
      }

      @Override
      public int mode() {
        return mode;
      }

      @Override
      public Owner owner() {
        return Owner.ROOT;
      }

      byte[] content() {
        return content;
      }
    }

    /** A character device of root's. */
    record Device(int major, int minor) implements Entry {
      @Override
      public int mode() {
        return 0600;
      }

      @Override
      public Owner owner() {
        return Owner.ROOT;
      }
    }

    /** A symbolic link; the kernel ignores its mode. */
    record SymbolicLink(String target) implements Entry {
      @Override
      public int mode() {
        return 0777;
      }

      @Override
      public Owner owner() {
        return Owner.ROOT;
      }
    }
  }

  /**
   * Who owns a file in the guest.
   *
   * @param user the numeric user, 0 for root
   * @param group the numeric group, 0 for root
   */
  public record Owner(int user, int group) {

    public static final Owner ROOT = new Owner(0, 0);
  }

  /** Writes entries to a newc cpio archive, the one format the kernel unpacks. */
  private record CpioWriter(CpioArchiveOutputStream archive) {

    /** The format's size field has eight hexadecimal digits. */
    private static final long LARGEST_FILE = 0xFFFF_FFFFL;

    private static final int LARGEST_OF_NO_SIZE = 16 * 1024 * 1024;

    void write(String path, Entry entry) throws IOException {
      if (entry instanceof Entry.Directory) {
        begin(path, entry, CpioConstants.C_ISDIR, 0);
      } else if (entry instanceof Entry.SymbolicLink link) {
        writeBytes(
            path, entry, CpioConstants.C_ISLNK, link.target().getBytes(StandardCharsets.UTF_8));
      } else if (entry instanceof Entry.Device) {
        begin(path, entry, CpioConstants.C_ISCHR, 0);
      } else if (entry instanceof Entry.Bytes bytes) {
        writeBytes(path, entry, CpioConstants.C_ISREG, bytes.content());
      } else if (entry instanceof Entry.HostFile file) {
        writeHostFile(path, file);
      }
      archive.closeArchiveEntry();
    }

    private void writeBytes(String path, Entry entry, int type, byte[] content) throws IOException {
      begin(path, entry, type, content.length);
      archive.write(content);
    }

    private void writeHostFile(String path, Entry.HostFile file) throws IOException {
      Path content = file.content();
      long size = Files.size(content);
      if (size > LARGEST_FILE) {
        throw new IOException(
            content + " has " + size + " bytes; a file in an initramfs can have 4 GiB at most");
      }
      if (size == 0) {
        writeBytes(path, file, CpioConstants.C_ISREG, contentOf(content));
        return;
      }
      begin(path, file, CpioConstants.C_ISREG, size);
      Files.copy(content, archive);
    }

    /** Files of /proc and /sys have content, and no size. */
    private static byte[] contentOf(Path file) throws IOException {
      try (InputStream input = Files.newInputStream(file)) {
        byte[] content = input.readNBytes(LARGEST_OF_NO_SIZE + 1);
        if (content.length > LARGEST_OF_NO_SIZE) {
          throw new IOException(
              file + " does not say how large it is, and has no end within 16 MiB");
        }
        return content;
      }
    }

    private void begin(String path, Entry entry, int type, long size) throws IOException {
      CpioArchiveEntry header = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, path, size);
      header.setMode(type | entry.mode());
      header.setUID(entry.owner().user());
      header.setGID(entry.owner().group());
      header.setTime(0);
      if (entry instanceof Entry.Device device) {
        header.setRemoteDeviceMaj(device.major());
        header.setRemoteDeviceMin(device.minor());
      }
      archive.putArchiveEntry(header);
    }
  }
}
