package dev.topology.image;

import dev.topology.source.Quote;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive that is not trusted, entry by entry: ustar, GNU's long names, POSIX extended
 * headers. Extended attributes are kept as the bytes they are, which is why this is not
 * commons-compress: it makes texts of them, and capabilities are none.
 */
public final class TarReader {

  private static final int RECORD = 512;

  /** Longest extended header or name: more than Linux takes for a path and all attributes. */
  private static final int LONGEST_HEADER = 1 << 20;

  /** Longest path that Linux takes. */
  private static final int LONGEST_PATH = 4096;

  private static final String ATTRIBUTE = "SCHILY.xattr.";

  /** What stands at the start of a header: pax(1), tar(5). */
  public enum Type {
    FILE,
    HARD_LINK,
    SYMBOLIC_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    DIRECTORY,
    FIFO
  }

  /**
   * A header.
   *
   * @param name as written
   * @param link where a link leads
   * @param mode with all twelve bits
   * @param modified seconds since 1970
   * @param size bytes of content that follow
   * @param attributes extended attributes, by their full names
   */
  public record Entry(
      Type type,
      String name,
      String link,
      int mode,
      int user,
      int group,
      long modified,
      long size,
      int major,
      int minor,
      SortedMap<String, byte[]> attributes) {}

  private final InputStream in;
  private final int longestHeader;
  private final boolean endsWithZeros;
  private long position;
  private long unread;
  private int padding;

  private TarReader(InputStream in, int longestHeader, boolean endsWithZeros) {
    this.in = in;
    this.longestHeader = longestHeader;
    this.endsWithZeros = endsWithZeros;
  }

  /** Reads a layer of an image, or the archive of one; some lack the zeros at the end. */
  public static TarReader ofImage(InputStream in) {
    return new TarReader(in, LONGEST_HEADER, false);
  }

  /** Reads what a guest sends, which is cut off if it does not end with zeros. */
  static TarReader ofGuest(InputStream in) {
    return new TarReader(in, LONGEST_PATH, true);
  }

  /** Where in the stream the next byte of the entry's content is. */
  public long position() {
    return position;
  }

  /**
   * The next entry, or nothing at the end of the archive. What is left of the content of the last
   * one is skipped.
   *
   * @throws IOException if the archive is none, or is cut off; the message says which
   */
  public Optional<Entry> next() throws IOException {
    SortedMap<String, byte[]> extended = new TreeMap<>();
    while (true) {
      skip(unread);
      // Some archives, umoci's for one, end where the last file does.
      position += in.readNBytes(padding).length;
      byte[] header = record();
      if (header == null && endsWithZeros) {
        throw cutOff();
      }
      if (header == null || isZero(header)) {
        return Optional.empty();
      }
      check(header);
      long size = number(header, 124, 12);
      byte type = header[156];
      expect(size);
      switch (type) {
        case 'x' -> readExtended(size, extended);
        case 'g' -> bytes("an extended header", size);
        case 'L' -> extended.put("path", zeroEnded(bytes("a name", size)));
        case 'K' -> extended.put("linkpath", zeroEnded(bytes("a name", size)));
        default -> {
          return Optional.of(entry(header, type, extended));
        }
      }
    }
  }

  /** The content of the entry that was read last, to its end. */
  public InputStream content(Entry entry) {
    return new BulkInputStream() {
      private long left = entry.size();

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(left, length));
        if (count < 0) {
          throw cutOff();
        }
        left -= count;
        unread -= count;
        position += count;
        return count;
      }
    };
  }

  private Entry entry(byte[] header, byte type, Map<String, byte[]> extended) throws IOException {
    String name = text(extended, "path").orElseGet(() -> name(header));
    long size = longOf(extended, "size").orElseGet(() -> number(header, 124, 12));
    if (size < 0) {
      throw new IOException("an entry has a negative size");
    }
    Type kind = type(type, name);
    if (extended.keySet().stream().anyMatch(it -> it.startsWith("GNU.sparse."))) {
      throw new IOException("it holds the sparse file " + Quote.of(name));
    }
    // Other kinds have no content, whatever they say: POSIX, "ustar Interchange Format".
    long content = kind == Type.FILE ? size : 0;
    expect(size);
    SortedMap<String, byte[]> attributes = new TreeMap<>();
    extended.forEach(
        (key, value) -> {
          if (key.startsWith(ATTRIBUTE)) {
            attributes.put(key.substring(ATTRIBUTE.length()), value);
          }
        });
    return new Entry(
        kind,
        name,
        text(extended, "linkpath").orElseGet(() -> string(header, 157, 100)),
        (int) number(header, 100, 8) & 07777,
        (int) (long) longOf(extended, "uid").orElseGet(() -> number(header, 108, 8)),
        (int) (long) longOf(extended, "gid").orElseGet(() -> number(header, 116, 8)),
        longOf(extended, "mtime").orElseGet(() -> number(header, 136, 12)),
        content,
        (int) number(header, 329, 8),
        (int) number(header, 337, 8),
        attributes);
  }

  private static Type type(byte type, String name) throws IOException {
    return switch (type) {
      case '0', 0, '7' -> name.endsWith("/") ? Type.DIRECTORY : Type.FILE;
      case '1' -> Type.HARD_LINK;
      case '2' -> Type.SYMBOLIC_LINK;
      case '3' -> Type.CHARACTER_DEVICE;
      case '4' -> Type.BLOCK_DEVICE;
      case '5' -> Type.DIRECTORY;
      case '6' -> Type.FIFO;
      default ->
          throw new IOException(
              "%s is an entry of the unknown type %d".formatted(Quote.of(name), type));
    };
  }

  private static String name(byte[] header) {
    String prefix =
        string(header, 257, 6).equals("ustar") && header[262] == 0 ? string(header, 345, 155) : "";
    return prefix.isEmpty() ? string(header, 0, 100) : prefix + "/" + string(header, 0, 100);
  }

  /** Lines of {@code LENGTH KEY=VALUE}, where the value may hold any bytes. */
  private void readExtended(long size, Map<String, byte[]> extended) throws IOException {
    byte[] all = bytes("an extended header", size);
    int at = 0;
    while (at < all.length && all[at] != 0) {
      int blank = indexOf(all, ' ', at);
      int equals = indexOf(all, '=', at);
      int length = blank < 0 ? 0 : decimal(all, at, blank);
      int end = at + length - 1;
      if (blank < 0 || equals < blank || length <= 0 || end >= all.length || equals > end) {
        throw new IOException("an extended header cannot be read");
      }
      String key = new String(all, blank + 1, equals - blank - 1, StandardCharsets.UTF_8);
      extended.put(key, Arrays.copyOfRange(all, equals + 1, end));
      at = end + 1;
    }
  }

  private static int indexOf(byte[] bytes, char wanted, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != wanted) {
      at++;
    }
    return at < bytes.length ? at : -1;
  }

  private static int decimal(byte[] bytes, int from, int to) {
    int number = 0;
    for (int at = from; at < to && number < LONGEST_HEADER; at++) {
      number = 10 * number + bytes[at] - '0';
    }
    return number;
  }

  private static Optional<String> text(Map<String, byte[]> extended, String key) {
    return Optional.ofNullable(extended.get(key))
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  private static Optional<Long> longOf(Map<String, byte[]> extended, String key)
      throws IOException {
    Optional<String> text = text(extended, key);
    try {
      // A time may have a fraction.
      return text.map(value -> Long.parseLong(value.replaceFirst("\\..*", "")));
    } catch (NumberFormatException e) {
      throw new IOException(key + " is not a number: " + Quote.of(text.orElse("")), e);
    }
  }

  private byte[] bytes(String what, long size) throws IOException {
    if (size < 0 || size > longestHeader) {
      throw new IOException(what + " has " + size + " bytes");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw cutOff();
    }
    position += size;
    unread -= size;
    return bytes;
  }

  private static byte[] zeroEnded(byte[] bytes) {
    int end = indexOf(bytes, '\0', 0);
    return end < 0 ? bytes : Arrays.copyOf(bytes, end);
  }

  /**
   * A record, or null where the stream ends between two: some archives lack the zeros at the end.
   */
  private byte @Nullable [] record() throws IOException {
    byte[] record = in.readNBytes(RECORD);
    position += record.length;
    if (record.length == 0) {
      return null;
    }
    if (record.length < RECORD) {
      throw cutOff();
    }
    return record;
  }

  private void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw cutOff();
    }
    position += count;
    unread = 0;
  }

  private static EOFException cutOff() {
    return new EOFException("it is cut off");
  }

  /** The sum of all bytes, its own field counted as blanks. */
  private static void check(byte[] header) throws IOException {
    int sum = 8 * ' ';
    for (int at = 0; at < RECORD; at++) {
      sum += at >= 148 && at < 156 ? 0 : header[at] & 0xff;
    }
    if (number(header, 148, 8) != sum) {
      throw new IOException("it is not a tar archive, or is damaged");
    }
  }

  /** Octal digits; or, where the first bit is set, a binary number. */
  private static long number(byte[] header, int start, int length) {
    if ((header[start] & 0x80) != 0) {
      byte[] last = Arrays.copyOfRange(header, start + length - 8, start + length);
      if (length == 8) {
        last[0] = 0;
      }
      return ByteBuffer.wrap(last).getLong();
    }
    long number = 0;
    for (int at = start; at < start + length; at++) {
      if (header[at] >= '0' && header[at] <= '7') {
        number = 8 * number + header[at] - '0';
      }
    }
    return number;
  }

  private static String string(byte[] header, int start, int length) {
    byte[] field = zeroEnded(Arrays.copyOfRange(header, start, start + length));
    return new String(field, StandardCharsets.UTF_8);
  }

  private void expect(long size) {
    unread = size;
    padding = (int) (-size & (RECORD - 1));
  }

  private static boolean isZero(byte[] header) {
    for (byte each : header) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }
}
