package dev.topology.image;

import dev.topology.image.initramfs.FileTree.Owner;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a tar archive that a guest sends, which may be hostile: names and sizes have limits, and
 * entries are of few kinds. The format is GNU tar's, see "Basic Tar Format" in its manual.
 */
final class GuestTar {

  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 4096;

  private static final char LONG_NAME = 'L';
  private static final char LONG_TARGET = 'K';

  /**
   * An entry.
   *
   * @param type {@code '0'} a file, {@code '1'} a hard link, {@code '2'} a symbolic link, {@code
   *     '5'} a directory; whatever else the archive has
   * @param target what a link leads to
   */
  record Entry(char type, String path, String target, int mode, Owner owner, long size) {

    boolean isFile() {
      return type == '0';
    }

    boolean isHardLink() {
      return type == '1';
    }

    boolean isSymbolicLink() {
      return type == '2';
    }

    boolean isDirectory() {
      return type == '5';
    }
  }

  private final InputStream in;
  private long contentLeft;
  private int padding;

  GuestTar(InputStream in) {
    this.in = in;
  }

  /** The next entry, if there is one; what was not read of the content of the last is skipped. */
  Optional<Entry> next() throws IOException {
    String longName = "";
    String longTarget = "";
    while (true) {
      in.skipNBytes(contentLeft + padding);
      contentLeft = 0;
      padding = 0;
      byte[] header = in.readNBytes(BLOCK);
      if (header.length == BLOCK && isZero(header)) {
        in.transferTo(OutputStream.nullOutputStream());
        return Optional.empty();
      }
      if (header.length < BLOCK) {
        throw new EOFException("the guest's files are cut off");
      }
      char type = (char) (header[156] == 0 ? '0' : header[156]);
      contentLeft = number(header, 124, 12);
      padding = (int) (-contentLeft & (BLOCK - 1));
      switch (type) {
        case LONG_NAME -> longName = name();
        case LONG_TARGET -> longTarget = name();
        default -> {
          return Optional.of(
              new Entry(
                  type,
                  longName.isEmpty() ? text(header, 0, 100) : longName,
                  longTarget.isEmpty() ? text(header, 157, 100) : longTarget,
                  (int) number(header, 100, 8) & 07777,
                  new Owner((int) number(header, 108, 8), (int) number(header, 116, 8)),
                  contentLeft));
        }
      }
    }
  }

  /** The content of the entry that was read last. */
  InputStream content() {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (contentLeft == 0) {
          return -1;
        }
        int count = super.read(bytes, offset, (int) Math.min(length, contentLeft));
        if (count < 0) {
          throw new EOFException("the guest's files are cut off");
        }
        contentLeft -= count;
        return count;
      }

      @Override
      public void close() {
        // The archive goes on.
      }
    };
  }

  private String name() throws IOException {
    if (contentLeft > LONGEST_NAME) {
      throw new IOException("the guest sent a file whose name has " + contentLeft + " bytes");
    }
    byte[] name = content().readAllBytes();
    return text(name, 0, name.length);
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[BLOCK]);
  }

  private static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, StandardCharsets.UTF_8);
  }

  /** A number in octal digits; those above 8 GiB, which are in binary, are refused. */
  private static long number(byte[] header, int offset, int length) throws IOException {
    String digits = text(header, offset, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("the guest sent a file whose header is damaged", e);
    }
  }
}
