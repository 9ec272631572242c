package dev.topology.image.oci;

import dev.topology.image.ImageException;
import dev.topology.image.TarReader;
import dev.topology.image.erofs.ErofsWriter;
import dev.topology.image.erofs.Inode;
import dev.topology.image.erofs.Inode.Attributes;
import dev.topology.image.erofs.Inode.Content;
import dev.topology.image.erofs.Inode.Kind;
import dev.topology.source.Quote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lays layers one over the other, the lowest first, as "Representing Changes" of the OCI Image
 * Layer Specification says. The files' bytes go to a scratch file; all else is held in memory.
 *
 * <p>Paths are resolved inside the image's root: a symbolic link in their way is followed there,
 * and {@code ..} in its target ends at the root. An entry whose own path has a {@code ..} is
 * refused. Not thread-safe.
 */
final class LayerMerger {

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh.opq";

  /** What begins so was kept by AUFS for itself. */
  private static final String OF_AUFS = ".wh..wh.";

  private static final int MOST_LINKS = 40;
  private static final int DEEPEST = 1000;
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_TARGET = 4095;
  private static final int PIECE = 1 << 16;

  /** Devices that Docker lets every container use; major and minor number. */
  private static final List<List<Integer>> HARMLESS =
      List.of(
          List.of(1, 3),
          List.of(1, 5),
          List.of(1, 7),
          List.of(1, 8),
          List.of(1, 9),
          List.of(5, 0),
          List.of(5, 1),
          List.of(5, 2));

  /**
   * How much an image may hold.
   *
   * @param bytes of its files, those of lower layers that others replace included
   * @param entries in all layers
   */
  record Limits(long bytes, long entries) {

    /** Many times what is in use. An entry takes about 500 bytes of memory until all is written. */
    static final Limits USUAL = new Limits(32L << 30, 500_000);

    /** What one layer may have, uncompressed, with the headers of its entries and their names. */
    long bytesOfArchive() {
      return bytes + (entries << 12);
    }
  }

  private final FileChannel scratch;
  private final Limits limits;
  private final Inode root = Inode.directory(Attributes.ofRoot(0755));

  /** What the layer brought that is being laid: its own whiteouts do not concern that. */
  private final Set<Inode> brought = new HashSet<>();

  private long bytes;
  private long entries;

  /**
   * An empty file system.
   *
   * @param scratch an empty file, to be kept open until the result was written
   */
  LayerMerger(FileChannel scratch, Limits limits) {
    this.scratch = scratch;
    this.limits = limits;
  }

  /** All layers so far. */
  Inode root() {
    return root;
  }

  /**
   * Lays a layer over the others.
   *
   * @param tar an uncompressed archive; it is read to the archive's end
   * @throws ImageException if the layer must not or cannot be merged; the message is a clause about
   *     the layer
   * @throws IOException if the archive cannot be read, or the scratch file not be written
   */
  void add(InputStream tar) throws IOException, ImageException {
    brought.clear();
    TarReader reader = TarReader.ofImage(tar);
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      if (++entries > limits.entries()) {
        throw new ImageException("it has more than " + limits.entries() + " files");
      }
      add(entry.get(), reader);
    }
  }

  private void add(TarReader.Entry entry, TarReader reader) throws IOException, ImageException {
    Deque<String> path = components(entry.name(), entry);
    String name = path.pollLast();
    if (name == null) {
      // The root itself. Docker leaves its mode alone: that of a temporary directory, often.
      return;
    }
    if (!name.startsWith(WHITEOUT)) {
      put(Objects.requireNonNull(walk(path, entry, true)), name, entry, reader);
      return;
    }
    Inode parent = walk(path, entry, false);
    if (parent != null && name.equals(OPAQUE)) {
      clear(parent);
    } else if (parent != null && !name.startsWith(OF_AUFS)) {
      remove(parent, name.substring(WHITEOUT.length()));
    }
  }

  private void put(Inode parent, String name, TarReader.Entry entry, TarReader reader)
      throws IOException, ImageException {
    Inode existing = parent.children().get(name);
    if (entry.type() == TarReader.Type.DIRECTORY && existing != null && existing.isDirectory()) {
      existing.attributes(attributes(entry));
      brought.add(existing);
      return;
    }
    Inode made = inode(entry, reader);
    parent.children().remove(name);
    parent.children().put(name, made);
    brought.add(made);
  }

  private Inode inode(TarReader.Entry entry, TarReader reader) throws IOException, ImageException {
    Attributes attributes = attributes(entry);
    return switch (entry.type()) {
      case FILE -> Inode.file(attributes, content(entry, reader));
      case DIRECTORY -> Inode.directory(attributes);
      case SYMBOLIC_LINK -> Inode.symbolicLink(attributes, target(entry));
      case HARD_LINK -> linked(entry);
      case CHARACTER_DEVICE -> device(Kind.CHARACTER_DEVICE, attributes, entry);
      case BLOCK_DEVICE -> device(Kind.BLOCK_DEVICE, attributes, entry);
      case FIFO -> Inode.special(Kind.FIFO, attributes, 0, 0);
    };
  }

  private static String target(TarReader.Entry entry) throws ImageException {
    if (entry.link().isEmpty() || entry.link().length() > LONGEST_TARGET) {
      throw refused(entry, "is a symbolic link with a target of no use");
    }
    return entry.link();
  }

  private static Inode device(Kind kind, Attributes attributes, TarReader.Entry entry)
      throws ImageException {
    boolean isHarmless =
        kind == Kind.CHARACTER_DEVICE && HARMLESS.contains(List.of(entry.major(), entry.minor()));
    if (!isHarmless) {
      throw refused(
          entry,
          "is the %s %d:%d; a container image may hold no devices but null, zero, tty and the like"
              .formatted(
                  kind == Kind.BLOCK_DEVICE ? "block device" : "character device",
                  entry.major(),
                  entry.minor()));
    }
    return Inode.special(kind, attributes, entry.major(), entry.minor());
  }

  /** The file that a hard link is another name of. The link's last component is not followed. */
  private Inode linked(TarReader.Entry entry) throws ImageException {
    Deque<String> path = components(entry.link(), entry);
    String name = path.pollLast();
    Inode parent = name == null ? null : walk(path, entry, false);
    Inode file = parent == null ? null : parent.children().get(name);
    if (file == null || file.isDirectory()) {
      throw refused(entry, "is a hard link to " + Quote.of(entry.link()) + ", which is no file");
    }
    return file;
  }

  private Content content(TarReader.Entry entry, TarReader reader)
      throws IOException, ImageException {
    if (bytes + entry.size() > limits.bytes()) {
      throw new ImageException("its files have more than " + (limits.bytes() >> 20) + " MiB");
    }
    long start = bytes;
    InputStream content = reader.content(entry);
    byte[] piece = new byte[(int) Math.min(PIECE, Math.max(entry.size(), 1))];
    for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
      ByteBuffer written = ByteBuffer.wrap(piece, 0, count);
      while (written.hasRemaining()) {
        bytes += scratch.write(written, bytes);
      }
    }
    return Content.of(scratch, start, entry.size());
  }

  private static Attributes attributes(TarReader.Entry entry) throws ImageException {
    SortedMap<String, byte[]> kept = new TreeMap<>();
    int room = ErofsWriter.MOST_ATTRIBUTES;
    for (Map.Entry<String, byte[]> each : entry.attributes().entrySet()) {
      // Labels of SELinux belong to the system that made the image, "trusted" to the guest's
      // kernel.
      if (ErofsWriter.holds(each.getKey()) && !each.getKey().equals("security.selinux")) {
        room -= each.getKey().length() + each.getValue().length;
        kept.put(each.getKey(), each.getValue());
      }
    }
    if (room < 0) {
      throw refused(
          entry, "has more than " + ErofsWriter.MOST_ATTRIBUTES + " bytes of extended attributes");
    }
    return new Attributes(entry.mode(), entry.user(), entry.group(), entry.modified(), kept);
  }

  private static Deque<String> components(String path, TarReader.Entry entry)
      throws ImageException {
    Deque<String> components = new ArrayDeque<>();
    for (String component : path.split("/", -1)) {
      if (component.equals("..")) {
        throw refused(entry, "climbs out of the image's root");
      }
      if (component.length() > LONGEST_NAME || component.indexOf('\0') >= 0) {
        throw refused(entry, "has a name that no file can have");
      }
      if (!component.isEmpty() && !component.equals(".")) {
        components.add(component);
      }
    }
    return components;
  }

  /**
   * The directory that a path leads to.
   *
   * @param make whether to make it, and those before it, as far as they are missing
   * @return null if it is missing, and not to be made
   */
  private @Nullable Inode walk(Deque<String> path, TarReader.Entry entry, boolean make)
      throws ImageException {
    Deque<Inode> way = new ArrayDeque<>(List.of(root));
    Deque<String> left = new ArrayDeque<>(path);
    int links = 0;
    while (!left.isEmpty()) {
      String name = left.pop();
      if (name.equals("..")) {
        if (way.size() > 1) {
          way.pop();
        }
        continue;
      }
      Inode next = way.element().children().get(name);
      if (next == null && !make) {
        return null;
      }
      if (next == null) {
        next = way.element().subdirectory(name);
      }
      if (next.kind() == Kind.SYMBOLIC_LINK) {
        if (++links > MOST_LINKS) {
          throw refused(entry, "leads through symbolic links without end");
        }
        follow(next.target(), left, way);
      } else if (!next.isDirectory()) {
        throw refused(entry, "stands below " + Quote.of(name) + ", which is no directory");
      } else {
        way.push(next);
      }
      if (way.size() > DEEPEST) {
        throw refused(entry, "is more than " + DEEPEST + " directories deep");
      }
    }
    return way.element();
  }

  private void follow(String target, Deque<String> left, Deque<Inode> way) {
    if (target.startsWith("/")) {
      way.clear();
      way.push(root);
    }
    String[] components = target.split("/", -1);
    for (int at = components.length - 1; at >= 0; at--) {
      if (!components[at].isEmpty() && !components[at].equals(".")) {
        left.push(components[at]);
      }
    }
  }

  private void remove(Inode parent, String name) {
    Inode lower = parent.children().get(name);
    if (lower != null && !isKept(lower)) {
      parent.children().remove(name);
    }
  }

  /** Removes all that is below a directory, but what this layer brought. */
  private void clear(Inode directory) {
    directory.children().values().removeIf(child -> !isKept(child));
  }

  /** Whether this layer brought it, or something in it; lower layers' parts of it go. */
  private boolean isKept(Inode inode) {
    if (inode.isDirectory()) {
      clear(inode);
    }
    return brought.contains(inode) || !inode.children().isEmpty();
  }

  private static ImageException refused(TarReader.Entry entry, String why) {
    return new ImageException("its entry " + Quote.of(entry.name()) + " " + why);
  }
}
