package dev.topology.image.initramfs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

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
    try (CpioWriter writer = new CpioWriter(target)) {
      for (Map.Entry<String, Entry> entry : entries.entrySet()) {
        writer.write(entry.getKey(), entry.getValue());
      }
    }
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
}
