package dev.topology.model;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A disk of a node, which its guest finds by its name, {@code /dev/disk/by-id/virtio-NAME}.
 *
 * @param name 1 to {@link #LONGEST_NAME} characters, unique within the node; its serial number
 * @param source where its content comes from and goes to
 * @param bus how it is plugged in
 * @param mount the directory of the guest where its file system is mounted, if that is asked for
 */
public record Disk(String name, Source source, DiskBus bus, Optional<String> mount) {

  /** VIRTIO_BLK_ID_BYTES of linux/virtio_blk.h. */
  public static final int LONGEST_NAME = 20;

  /** Where a disk's content comes from, and where what the guest writes goes to. */
  public sealed interface Source {

    /** The file of a disk that has one. */
    default Optional<OfFile> file() {
      return this instanceof OfFile it ? Optional.of(it) : Optional.empty();
    }

    /** Nothing yet: the disk is there for one run. */
    record Empty(Memory size) implements Source {}

    /**
     * An image of a disk, a file of the host.
     *
     * @param path absolute
     * @param format as the user says it; without it the file's own first bytes tell
     * @param followsBacking whether the image may be a part of a chain of images
     * @param size what the guest sees of it is at least that large; only with {@link Mode#OVERLAY}
     */
    record OfFile(
        Path path,
        Mode mode,
        Optional<Format> format,
        boolean followsBacking,
        Optional<Memory> size)
        implements Source {}
  }

  /** How a disk is plugged into its machine, and so which driver the guest needs for it. */
  public enum DiskBus {
    /** A virtio device of its own. */
    VIRTIO(Node.MAX_DISKS),
    /** A disk of a virtio controller that speaks SCSI. */
    SCSI(Node.MAX_DISKS),
    /** A port of a PC's AHCI controller, which has six; cloud-init's disk may need one. */
    SATA(5),
    /** Half a channel of an IDE controller, which has two; likewise. */
    IDE(3),
    /** A controller of its own, which speaks NVMe. */
    NVME(Node.MAX_DISKS);

    private final int room;

    DiskBus(int room) {
      this.room = room;
    }

    /** How many disks of a user fit there. */
    public int room() {
      return room;
    }

    /** Whether its disks can be such that the guest cannot write. QEMU has no such ATA disk. */
    public boolean hasReadOnlyDisks() {
      return this != SATA && this != IDE;
    }

    /** As users write it: {@code nvme}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where what a guest writes goes to. */
  public enum Mode {
    /** Beside the run, and gone with it; the file is only read. */
    OVERLAY,
    /** Into the file. */
    WRITE,
    /** Nowhere: the guest cannot write. */
    READ;

    /** As users write it: {@code overlay}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the content of a disk is arranged in its file. */
  public enum Format {
    /** Byte by byte. */
    RAW,
    /** QEMU's own format: docs/interop/qcow2.txt. */
    QCOW2;

    /** As users, and QEMU, write it: {@code qcow2}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
