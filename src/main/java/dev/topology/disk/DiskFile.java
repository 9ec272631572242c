package dev.topology.disk;

import dev.topology.model.Disk;
import dev.topology.model.Disk.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is the image of a disk, as its header describes it.
 *
 * @param path absolute
 * @param format never to be found out by QEMU: a guest that writes a raw disk could write a header
 *     into it that leads to any file of the host
 * @param isDevice whether it is no file, but a block device
 * @param bytes what a guest sees of it
 * @param backing the image that holds what this one does not
 */
public record DiskFile(
    Path path, Format format, boolean isDevice, long bytes, Optional<DiskFile> backing) {

  /** A raw disk is made of sectors. */
  public static final int SECTOR = 512;

  private static final int MOST_IN_A_CHAIN = 16;
  private static final String CONVERT =
      "\"qemu-img convert -O qcow2 FILE NEW\" makes a qcow2 of it";

  /** What a file begins with that is an image of another kind, or no image. */
  private record Signature(int at, String start, String what, String remedy) {

    /** Its characters stand for bytes. */
    boolean isIn(byte[] head) {
      byte[] wanted = start.getBytes(StandardCharsets.ISO_8859_1);
      int end = at + wanted.length;
      return head.length >= end && Arrays.equals(head, at, end, wanted, 0, wanted.length);
    }
  }

  /** The formats of QEMU's other block drivers, and what disks are packed with. */
  private static final List<Signature> OTHERS =
      List.of(
          new Signature(0, "KDMV", "a VMDK image", CONVERT),
          new Signature(0, "COWD", "a VMDK image", CONVERT),
          new Signature(0, "# Disk DescriptorFile", "a VMDK image", CONVERT),
          new Signature(64, "\u007f\u0010\u00da\u00be", "a VDI image", CONVERT),
          new Signature(0, "vhdxfile", "a VHDX image", CONVERT),
          new Signature(0, "conectix", "a VHD image", CONVERT),
          new Signature(0, "QED\0", "a QED image", CONVERT),
          new Signature(0, "QFI\u00fb\0\0\0\u0001", "an image of qcow version 1", CONVERT),
          new Signature(0, "WithoutFreeSpace", "a Parallels image", CONVERT),
          new Signature(0, "WithouFreSpacExt", "a Parallels image", CONVERT),
          new Signature(0, "\u001f\u008b", "compressed", "unpack it with gunzip"),
          new Signature(0, "\u00fd7zXZ\0", "compressed", "unpack it with unxz"),
          new Signature(0, "(\u00b5/\u00fd", "compressed", "unpack it with unzstd"),
          new Signature(0, "BZh", "compressed", "unpack it with bunzip2"),
          new Signature(0, "PK\u0003\u0004", "a zip archive", "unpack it with unzip"));

  /** The largest header of an image is smaller. */
  private static final int HEAD_BYTES = 4096;

  /**
   * Looks at the file of a disk. Blocks while a few kilobytes are read.
   *
   * @param source of the disk; its file is a regular one, or a block device
   * @throws DiskFileException if it cannot be a disk as the source wants it
   */
  public static DiskFile read(Disk.Source.OfFile source) throws DiskFileException {
    Optional<BlockDevice> device = deviceAt(source.path());
    if (device.isPresent()) {
      checkUnused(device.get(), source.mode());
    }
    DiskFile file =
        read(source.path(), source.format(), source.followsBacking(), new LinkedHashSet<>());
    return device.isPresent()
        ? new DiskFile(file.path(), file.format(), true, file.bytes(), file.backing())
        : file;
  }

  private static Optional<BlockDevice> deviceAt(Path path) throws DiskFileException {
    try {
      return BlockDevice.at(path);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Nothing else may change what is on it, and nothing else may use what the guest changes. */
  static void checkUnused(BlockDevice device, Disk.Mode mode) throws DiskFileException {
    if (device.isEmpty()) {
      throw new DiskFileException("has nothing behind it", "\"lsblk\" shows the host's devices");
    }
    Optional<BlockDevice.Claim> claim = device.claim();
    if (claim.isPresent() && (claim.get().isWritten() || mode == Disk.Mode.WRITE)) {
      throw new DiskFileException(claim.get().words(), claim.get().remedy());
    }
    if (mode == Disk.Mode.WRITE && device.isReadOnly()) {
      throw new DiskFileException(
          "is a device that can only be read",
          "\"mode: overlay\" keeps what the guest writes beside the run");
    }
  }

  private static DiskFile read(
      Path path, Optional<Format> said, boolean followsBacking, Set<Path> above)
      throws DiskFileException {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      byte[] head = head(channel);
      return said.orElseGet(() -> recognised(head)) == Format.QCOW2
          ? qcow2(path, head, channel, followsBacking, above)
          : raw(path, head, channel.size(), said.isPresent());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DiskFileException unreadable(IOException e) {
    return new DiskFileException(
        "cannot be read (" + e.getMessage() + ")", "see who may read it, with \"ls -l\"");
  }

  private static byte[] head(SeekableByteChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, channel.size()));
    int read = 0;
    while (head.hasRemaining() && read >= 0) {
      read = channel.read(head);
    }
    byte[] bytes = new byte[head.position()];
    head.flip().get(bytes);
    return bytes;
  }

  private static Format recognised(byte[] head) {
    return Qcow2Header.isBegunBy(head) ? Format.QCOW2 : Format.RAW;
  }

  private static DiskFile raw(Path path, byte[] head, long bytes, boolean isSaid)
      throws DiskFileException {
    if (bytes == 0) {
      throw new DiskFileException(
          "is empty", "\"truncate -s 1G FILE\" gives it a size without taking room");
    }
    for (Signature other : OTHERS) {
      if (!isSaid && other.isIn(head)) {
        throw new DiskFileException(
            "is " + other.what() + ", not a raw or qcow2 disk", other.remedy());
      }
    }
    if (bytes % SECTOR != 0) {
      throw new DiskFileException(
          "has %,d bytes, which is not a whole number of sectors of %d".formatted(bytes, SECTOR),
          "see whether it is whole; \"truncate -s %" + SECTOR + " FILE\" fills up the last one");
    }
    return new DiskFile(path, Format.RAW, false, bytes, Optional.empty());
  }

  private static DiskFile qcow2(
      Path path, byte[] head, SeekableByteChannel channel, boolean followsBacking, Set<Path> above)
      throws DiskFileException, IOException {
    Qcow2Header header = Qcow2Header.parse(head, channel.size());
    header.checkTables(channel);
    Optional<DiskFile> backing = Optional.empty();
    if (header.hasBacking()) {
      String name = header.backingName(channel);
      if (!followsBacking) {
        throw new DiskFileException(
            "has a backing file, \"" + name + "\": whoever made it chose which file that is",
            "say \"backing: true\" if you know it, or make one image of both: " + CONVERT);
      }
      above.add(path);
      backing = Optional.of(backing(path, name, header.backingFormat(), above));
    }
    return new DiskFile(path, Format.QCOW2, false, header.bytes(), backing);
  }

  /** The next of a chain. Its format has to be said: see the format of this record. */
  private static DiskFile backing(
      Path path, String name, Optional<String> formatName, Set<Path> above)
      throws DiskFileException {
    String what = "has the backing file \"" + name + "\", ";
    Path file = backingPath(path, name, what);
    Optional<Format> format =
        formatName.flatMap(
            it -> List.of(Format.values()).stream().filter(f -> f.toString().equals(it)).findAny());
    if (format.isEmpty()) {
      throw new DiskFileException(
          what
              + formatName
                  .map(it -> "whose format \"" + it + "\" is neither raw nor qcow2")
                  .orElse("and does not say its format"),
          "\"qemu-img rebase -u -F raw -b BACKING FILE\" notes it, with raw or qcow2");
    }
    if (above.contains(file) || above.size() == MOST_IN_A_CHAIN) {
      throw new DiskFileException(
          what
              + (above.contains(file)
                  ? "which leads back to this one"
                  : "and so on, " + MOST_IN_A_CHAIN + " of them"),
          "make one image of all: " + CONVERT);
    }
    if (!Files.isRegularFile(file)) {
      throw new DiskFileException(
          what + "which is not there, or no file",
          "\"qemu-img rebase -u -F raw -b BACKING FILE\" names another one");
    }
    try {
      return read(file, format, true, above);
    } catch (DiskFileException e) {
      throw new DiskFileException(what + "which " + e.why(), e.remedy());
    }
  }

  /** Relative to the image that names it, as QEMU has it: {@code path_combine} in block.c. */
  private static Path backingPath(Path path, String name, String what) throws DiskFileException {
    int colon = name.indexOf(':');
    int slash = name.indexOf('/');
    if (colon >= 0 && (slash < 0 || colon < slash)) {
      throw new DiskFileException(what + "which is no path", "make one image of both: " + CONVERT);
    }
    try {
      return path.resolveSibling(name).normalize();
    } catch (InvalidPathException e) {
      throw new DiskFileException(what + "which is no path", "make one image of both: " + CONVERT);
    }
  }
}
