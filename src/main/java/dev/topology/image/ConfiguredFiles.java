package dev.topology.image;

import dev.topology.console.GuestText;
import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.initramfs.FileTree;
import dev.topology.image.initramfs.FileTree.Owner;
import dev.topology.image.initramfs.GuestPath;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Adds what maintainer scripts have made or changed to an image's files.
 *
 * <p>They come from a guest as a tar archive that is not trusted: contents go to numbered files,
 * paths stay inside the image, and number and size of the files are limited.
 */
final class ConfiguredFiles {

  private static final long MOST_BYTES = 1_000_000_000;
  private static final int MOST_ENTRIES = 200_000;

  /** Left by the configuration, and of no use in an image without dpkg. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "(dev|proc|sys|tmp|run/topology|etc/topology|var/lib/dpkg|var/cache/debconf"
              + "|var/cache/ldconfig|usr/share/(doc|man|info|locale))(/.*)?"
              + "|var/log/(dpkg|alternatives|apt).*"
              + "|etc/(passwd|group|shadow|gshadow|subuid|subgid)-|etc/\\.pwd\\.lock");

  /** Exists only while a guest runs, so links to it are kept. */
  private static final Pattern MADE_AT_START = Pattern.compile("(dev|proc|sys|run)/.*");

  private final FileTree image;
  private final FileTree tools;
  private final StagedFiles staged;
  private final Map<String, String> links = new TreeMap<>();
  private long bytes;
  private int entries;

  /**
   * Ready to add files.
   *
   * @param image the files of the image
   * @param tools the tools that were there to configure it; they do not go into the image
   */
  ConfiguredFiles(FileTree image, FileTree tools, StagedFiles staged) {
    this.image = image;
    this.tools = tools;
    this.staged = staged;
  }

  /** Adds everything in an archive. */
  void add(InputStream archive) throws IOException {
    try {
      GuestTar tar = new GuestTar(archive);
      for (Optional<GuestTar.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        if (++entries > MOST_ENTRIES) {
          throw new IOException("maintainer scripts made more than " + MOST_ENTRIES + " files");
        }
        add(GuestPath.join("", entry.get().path(), ""), entry.get(), tar.content());
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the guest sent a file that cannot be: " + GuestText.line(String.valueOf(e.getMessage())),
          e);
    }
    dropLinksToTools();
    links.forEach(image::link);
  }

  private void add(String path, GuestTar.Entry entry, InputStream content) throws IOException {
    if (path.isEmpty() || LEFT_OUT.matcher(path).matches()) {
      return;
    }
    if (entry.isDirectory()) {
      if (image.contains(path) || !tools.contains(path)) {
        image.directory(path, entry.mode(), entry.owner());
      }
    } else if (tools.contains(path)) {
      return;
    } else if (entry.isSymbolicLink()) {
      links.put(path, entry.target());
    } else if (entry.isHardLink()) {
      String other = GuestPath.join("", entry.target(), "");
      if (image.contains(other)) {
        image.sameFile(path, other);
      }
    } else if (entry.isFile()) {
      bytes += entry.size();
      if (bytes > MOST_BYTES) {
        throw new IOException("maintainer scripts made more than a gigabyte of files");
      }
      image.file(path, entry.mode(), entry.owner(), staged.keep(content));
    }
  }

  /**
   * Drops links of update-alternatives(1) to programs that are not in the image, then the links to
   * those.
   */
  private void dropLinksToTools() {
    boolean again = true;
    while (again) {
      again = links.entrySet().removeIf(link -> !leadsToImage(link.getKey(), link.getValue()));
    }
  }

  private boolean leadsToImage(String path, String target) {
    String leadsTo = GuestFiles.merged(GuestPath.join(GuestPath.parent(path), target, ""));
    return leadsTo.isEmpty()
        || image.contains(leadsTo)
        || links.containsKey(leadsTo)
        || MADE_AT_START.matcher(leadsTo).matches();
  }

  /**
   * Reads a tar archive that a guest sends, which may be hostile: names and sizes have limits, and
   * entries are of few kinds. The format is GNU tar's, see "Basic Tar Format" in its manual.
   */
  private static final class GuestTar {

    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 4096;

    private static final char LONG_NAME = 'L';
    private static final char LONG_TARGET = 'K';

    /**
     * An entry.
     *
     * @param type {@code '0'} a file, {@code '1'} a hard link, {@code '2'} a symbolic link, {@code
     *     '5'} a directory; others are ignored
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
}
