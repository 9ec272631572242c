package dev.topology.image.erofs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file, directory, symbolic link or device of a disk that is being put together. One that is
 * entered into directories under several names is a file with hard links. Not thread-safe.
 */
public final class Inode {

  /** What it is, with its bits of st_mode and its number in directories: inode(7), dirent.h. */
  public enum Kind {
    FILE(0100000, 1),
    DIRECTORY(0040000, 2),
    CHARACTER_DEVICE(0020000, 3),
    BLOCK_DEVICE(0060000, 4),
    FIFO(0010000, 5),
    SYMBOLIC_LINK(0120000, 7);

    final int modeBits;
    final int entryType;

    Kind(int modeBits, int entryType) {
      this.modeBits = modeBits;
      this.entryType = entryType;
    }
  }

  /**
   * Who may do what with it.
   *
   * @param mode the permission bits, with set-user-ID, set-group-ID and sticky bit
   * @param user the numeric owner
   * @param group the numeric group
   * @param modified seconds since 1970
   * @param extended extended attributes by their full names: {@code security.capability}
   */
  public record Attributes(
      int mode, int user, int group, long modified, SortedMap<String, byte[]> extended) {

    /** Those of a file of root's, without a date. */
    public static Attributes ofRoot(int mode) {
      return new Attributes(mode, 0, 0, 0, new TreeMap<>());
    }
  }

  /** The bytes of a file. They are read when the disk is written. */
  public interface Content {

    /** Bytes that are copied at once. */
    int LARGEST_PIECE = 1 << 18;

    /** How many there are. */
    long size();

    /** Writes all of them. */
    void writeTo(WritableByteChannel target) throws IOException;

    /** Those of a file of the host, which does not change until the disk is written. */
    static Content of(Path file) throws IOException {
      long size = Files.size(file);
      return new Content() {
        @Override
        public long size() {
          return size;
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
          try (FileChannel source = FileChannel.open(file)) {
            transfer(source, 0, size, target);
          }
        }
      };
    }

    /** A part of a file that the caller keeps open. */
    static Content of(FileChannel source, long start, long size) {
      return new Content() {
        @Override
        public long size() {
          return size;
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
          transfer(source, start, size, target);
        }
      };
    }

    private static void transfer(
        FileChannel source, long start, long size, WritableByteChannel target) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, LARGEST_PIECE));
      for (long done = 0; done < size; done += buffer.limit()) {
        buffer.clear().limit((int) Math.min(size - done, LARGEST_PIECE));
        while (buffer.hasRemaining()) {
          if (source.read(buffer, start + done + buffer.position()) < 0) {
            throw new IOException("a file became shorter while it was read");
          }
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
          target.write(buffer);
        }
      }
    }
  }

  private final Kind kind;
  private final Map<String, Inode> children = new LinkedHashMap<>();
  private Attributes attributes;
  private Optional<Content> content = Optional.empty();
  private String target = "";
  private int device;

  private Inode(Kind kind, Attributes attributes) {
    this.kind = kind;
    this.attributes = attributes;
  }

  /** An empty directory. */
  public static Inode directory(Attributes attributes) {
    return new Inode(Kind.DIRECTORY, attributes);
  }

  /** A regular file. */
  public static Inode file(Attributes attributes, Content content) {
    Inode file = new Inode(Kind.FILE, attributes);
    file.content = Optional.of(content);
    return file;
  }

  /** A symbolic link; its target is not looked at. */
  public static Inode symbolicLink(Attributes attributes, String target) {
    Inode link = new Inode(Kind.SYMBOLIC_LINK, attributes);
    link.target = target;
    return link;
  }

  /** A device or a named pipe, which has the numbers 0. */
  public static Inode special(Kind kind, Attributes attributes, int major, int minor) {
    Inode special = new Inode(kind, attributes);
    // new_encode_dev of linux/kdev_t.h
    special.device = (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
    return special;
  }

  public Kind kind() {
    return kind;
  }

  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  public Attributes attributes() {
    return attributes;
  }

  /** Gives a directory the attributes of another layer's. */
  public void attributes(Attributes changed) {
    attributes = changed;
  }

  /** What is in a directory, by name; to be changed by the caller. */
  public Map<String, Inode> children() {
    return children;
  }

  /** Where a symbolic link leads; empty for what is none. */
  public String target() {
    return target;
  }

  /** The directory of that name in this one, which is made if there is none. */
  public Inode subdirectory(String name) {
    return children.computeIfAbsent(name, it -> directory(Attributes.ofRoot(0755)));
  }

  Optional<Content> content() {
    return content;
  }

  int device() {
    return device;
  }
}
