package dev.topology.image.erofs;

import dev.topology.image.erofs.Inode.Content;
import dev.topology.image.erofs.Inode.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a tree as an EROFS file system: a superblock, then all inodes, then the files' bytes,
 * uncompressed, so that an emulated guest has nothing to unpack. The same tree gives the same
 * bytes.
 *
 * <p>Only the oldest features are used, which every Linux since 5.4 reads: extended inodes, plain
 * data in whole blocks, and small data right behind its inode.
 */
public final class ErofsWriter {

  private static final int BLOCK = 4096;
  private static final int SUPERBLOCK_AT = 1024;
  private static final int MAGIC = 0xE0F5E1E2;
  private static final int BLOCK_BITS = 12;

  /** Inodes are counted in slots of 32 bytes; ours have 64 and never cross the end of a block. */
  private static final int SLOT = 32;

  private static final int INODE = 64;
  private static final int DIRECTORY_ENTRY = 12;
  private static final int LONGEST_INLINE = 2048;
  private static final int ATTRIBUTES_HEADER = 12;

  /** Most bytes of extended attributes that an inode has room for. */
  public static final int MOST_ATTRIBUTES = 1024;

  /** The number that stands for the beginning of an attribute's name: erofs_fs.h. */
  private enum Prefix {
    USER("user.", 1),
    ACCESS("system.posix_acl_access", 2),
    DEFAULT("system.posix_acl_default", 3),
    SECURITY("security.", 6);

    private final String text;
    private final int number;

    Prefix(String text, int number) {
      this.text = text;
      this.number = number;
    }
  }

  /** Where an inode is, and where its data is if that is not right behind it. */
  private static final class Place {
    private final Inode inode;
    private final Inode parent;
    private final byte[] attributes;
    private final long size;
    private long at;
    private long firstBlock;
    private int links;

    Place(Inode inode, Inode parent) {
      this.inode = inode;
      this.parent = parent;
      this.attributes = attributes(inode);
      this.size = size(inode);
      this.links = inode.isDirectory() ? 2 : 0;
    }

    boolean isInline() {
      return size > 0 && size <= LONGEST_INLINE;
    }

    int length() {
      return INODE + attributes.length + (isInline() ? (int) size : 0);
    }

    long blocks() {
      return isInline() ? 0 : (size + BLOCK - 1) / BLOCK;
    }
  }

  private final Map<Inode, Place> places = new HashMap<>();
  private final List<Place> order = new ArrayList<>();
  private long end = BLOCK;

  private ErofsWriter() {}

  /** Whether the disk can hold an extended attribute of that name; others are not for images. */
  public static boolean holds(String attribute) {
    return Arrays.stream(Prefix.values()).anyMatch(it -> attribute.startsWith(it.text));
  }

  /**
   * Writes a disk. Blocks on the file system; a disk that is half written is left where this fails.
   *
   * @param root a directory
   * @param target is created; it must not exist
   */
  public static void write(Inode root, Path target) throws IOException {
    ErofsWriter writer = new ErofsWriter();
    writer.place(root);
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writer.writeTo(out, root);
    }
  }

  /** Parents come before their children, so the root is the first; its number has 16 bits only. */
  private void place(Inode root) {
    List<Place> waiting = new ArrayList<>(List.of(new Place(root, root)));
    places.put(root, waiting.get(0));
    while (!waiting.isEmpty()) {
      Place next = waiting.remove(waiting.size() - 1);
      put(next);
      for (Inode child : next.inode.children().values()) {
        Place place = places.get(child);
        if (place == null) {
          place = new Place(child, next.inode);
          places.put(child, place);
          waiting.add(place);
        }
        place.links += child.isDirectory() ? 0 : 1;
        next.links += child.isDirectory() ? 1 : 0;
      }
    }
    long block = blocksUpTo(end);
    for (Place place : order) {
      place.firstBlock = block;
      block += place.blocks();
    }
    end = block * BLOCK;
  }

  /** Data behind an inode may not cross the end of a block. */
  private void put(Place place) {
    long at = roundedUp(end, INODE);
    if (at / BLOCK != (at + place.length() - 1) / BLOCK) {
      at = roundedUp(at, BLOCK);
    }
    place.at = at;
    end = at + place.length();
    order.add(place);
  }

  private void writeTo(FileChannel out, Inode root) throws IOException {
    out.write(superblock(root));
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    long written = BLOCK;
    for (Place place : order) {
      int gap = (int) (place.at - written);
      if (buffer.remaining() < gap + place.length()) {
        flush(buffer, out);
      }
      buffer.put(new byte[gap]);
      writeInode(place, buffer);
      written = place.at + place.length();
    }
    flush(buffer, out);
    for (Place place : order) {
      if (place.blocks() > 0) {
        out.position(place.firstBlock * BLOCK);
        writeData(place, out);
      }
    }
    if (out.size() < end) {
      out.write(ByteBuffer.allocate(1), end - 1);
    }
  }

  private static void flush(ByteBuffer buffer, FileChannel out) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }

  private ByteBuffer superblock(Inode root) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    block.putInt(SUPERBLOCK_AT, MAGIC);
    block.put(SUPERBLOCK_AT + 12, (byte) BLOCK_BITS);
    block.putShort(SUPERBLOCK_AT + 14, (short) number(root));
    block.putLong(SUPERBLOCK_AT + 16, order.size());
    block.putInt(SUPERBLOCK_AT + 36, (int) blocksUpTo(end));
    return block;
  }

  /** The struct erofs_inode_extended, then attributes, then data that fits. */
  private void writeInode(Place place, ByteBuffer out) throws IOException {
    Inode inode = place.inode;
    int start = out.position();
    int layout = place.isInline() ? 2 : 0;
    out.putShort((short) (1 | layout << 1));
    out.putShort((short) attributeCount(place));
    out.putShort((short) (inode.kind().modeBits | inode.attributes().mode()));
    out.putShort((short) 0);
    out.putLong(place.size);
    out.putInt(place.blocks() > 0 ? (int) place.firstBlock : inode.device());
    out.putInt((int) (place.at / INODE));
    out.putInt(inode.attributes().user());
    out.putInt(inode.attributes().group());
    out.putLong(inode.attributes().modified());
    out.putInt(0);
    out.putInt(place.links);
    out.position(start + INODE);
    out.put(place.attributes);
    if (place.isInline()) {
      out.put(inlineData(place));
    }
  }

  private byte[] inlineData(Place place) throws IOException {
    if (place.inode.content().isEmpty()) {
      return bytes(place);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    place.inode.content().get().writeTo(Channels.newChannel(bytes));
    return bytes.toByteArray();
  }

  private void writeData(Place place, FileChannel out) throws IOException {
    if (place.inode.content().isPresent()) {
      place.inode.content().get().writeTo(out);
    } else {
      ByteBuffer data = ByteBuffer.wrap(bytes(place));
      while (data.hasRemaining()) {
        out.write(data);
      }
    }
  }

  private byte[] bytes(Place place) {
    return place.inode.isDirectory()
        ? directory(place)
        : place.inode.target().getBytes(StandardCharsets.UTF_8);
  }

  private long number(Inode inode) {
    return Objects.requireNonNull(places.get(inode)).at / SLOT;
  }

  private static long size(Inode inode) {
    if (inode.isDirectory()) {
      return directorySize(names(inode));
    }
    return inode.kind() == Kind.SYMBOLIC_LINK
        ? inode.target().getBytes(StandardCharsets.UTF_8).length
        : inode.content().map(Content::size).orElse(0L);
  }

  /** A name in a directory, as text and as bytes. */
  private static final class Name {

    /** The order in which Linux searches: bytes without sign. */
    static final Comparator<Name> ORDER =
        (one, other) -> Arrays.compareUnsigned(one.bytes, other.bytes);

    private final String text;
    private final byte[] bytes;

    Name(String text) {
      this.text = text;
      this.bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    int room() {
      return DIRECTORY_ENTRY + bytes.length;
    }
  }

  private static List<Name> names(Inode directory) {
    List<Name> names = new ArrayList<>(List.of(new Name("."), new Name("..")));
    directory.children().keySet().forEach(name -> names.add(new Name(name)));
    names.sort(Name.ORDER);
    return names;
  }

  private static long directorySize(List<Name> names) {
    long whole = 0;
    int used = 0;
    for (Name name : names) {
      if (used + name.room() > BLOCK) {
        whole += BLOCK;
        used = 0;
      }
      used += name.room();
    }
    return whole + used;
  }

  /** Blocks, in each of which come first its entries, then their names without ends. */
  private byte[] directory(Place place) {
    ByteBuffer data = ByteBuffer.allocate((int) place.size).order(ByteOrder.LITTLE_ENDIAN);
    List<Name> block = new ArrayList<>();
    int used = 0;
    int start = 0;
    for (Name name : names(place.inode)) {
      if (used + name.room() > BLOCK) {
        writeBlock(place, block, start, data);
        block.clear();
        start += BLOCK;
        used = 0;
      }
      block.add(name);
      used += name.room();
    }
    writeBlock(place, block, start, data);
    return data.array();
  }

  private void writeBlock(Place place, List<Name> names, int start, ByteBuffer data) {
    int nameAt = names.size() * DIRECTORY_ENTRY;
    data.position(start);
    for (Name name : names) {
      Inode inode = named(place, name.text);
      data.putLong(number(inode));
      data.putShort((short) nameAt);
      data.put((byte) inode.kind().entryType);
      data.put((byte) 0);
      nameAt += name.bytes.length;
    }
    names.forEach(name -> data.put(name.bytes));
  }

  private static Inode named(Place place, String name) {
    return switch (name) {
      case "." -> place.inode;
      case ".." -> place.parent;
      default -> Objects.requireNonNull(place.inode.children().get(name));
    };
  }

  /** How erofs_fs.h counts: one for the header, and one for each four bytes after it. */
  private static int attributeCount(Place place) {
    int length = place.attributes.length;
    return length == 0 ? 0 : (length - ATTRIBUTES_HEADER) / 4 + 1;
  }

  private static byte[] attributes(Inode inode) {
    Map<String, byte[]> extended = inode.attributes().extended();
    if (extended.isEmpty()) {
      return new byte[0];
    }
    ByteBuffer out =
        ByteBuffer.allocate(ATTRIBUTES_HEADER + 2 * MOST_ATTRIBUTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .position(ATTRIBUTES_HEADER);
    extended.forEach((name, value) -> putAttribute(name, value, out));
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void putAttribute(String name, byte[] value, ByteBuffer out) {
    Prefix prefix =
        Arrays.stream(Prefix.values())
            .filter(it -> name.startsWith(it.text))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no room for attributes like " + name));
    byte[] rest = name.substring(prefix.text.length()).getBytes(StandardCharsets.UTF_8);
    out.put((byte) rest.length);
    out.put((byte) prefix.number);
    out.putShort((short) value.length);
    out.put(rest);
    out.put(value);
    out.position((int) roundedUp(out.position(), 4));
  }

  private static long blocksUpTo(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK;
  }

  private static long roundedUp(long number, int step) {
    return (number + step - 1) / step * step;
  }
}
