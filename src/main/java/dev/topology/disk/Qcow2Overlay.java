package dev.topology.disk;

import java.nio.ByteBuffer;

/**
 * An empty qcow2 image, for what a guest writes over another image. It does not name that image:
 * QEMU is told by its arguments. docs/interop/qcow2.txt of QEMU.
 *
 * <p>The header, a table of the blocks of reference counts, the first of these blocks, and the
 * first table of clusters, each at the start of a cluster.
 */
public final class Qcow2Overlay {

  private static final int CLUSTER_BITS = 16;
  private static final int CLUSTER = 1 << CLUSTER_BITS;
  private static final int ENTRY = 8;

  /** What one entry of the first table leads to: a cluster full of entries for clusters. */
  private static final long PER_ENTRY = (long) CLUSTER * (CLUSTER / ENTRY);

  private static final int COUNTS_TABLE_AT = CLUSTER;
  private static final int COUNTS_AT = 2 * CLUSTER;
  private static final int TABLE_AT = 3 * CLUSTER;

  /** Reference counts of 2 to the power of this many bits: of two bytes. */
  private static final int COUNT_ORDER = 4;

  private static final int HEADER_BYTES = 104;

  private Qcow2Overlay() {}

  /**
   * The file that a guest sees as a disk of that many bytes, without what is under it.
   *
   * @param bytes more than 0, a multiple of 512, at most 16 TiB
   */
  public static byte[] ofSize(long bytes) {
    int entries = (int) ((bytes + PER_ENTRY - 1) / PER_ENTRY);
    int clusters = TABLE_AT / CLUSTER + (entries * ENTRY + CLUSTER - 1) / CLUSTER;
    ByteBuffer file = ByteBuffer.allocate(clusters * CLUSTER);
    file.put(new byte[] {'Q', 'F', 'I', (byte) 0xfb}).putInt(3);
    file.putLong(0).putInt(0);
    file.putInt(CLUSTER_BITS).putLong(bytes).putInt(0);
    file.putInt(entries).putLong(TABLE_AT);
    file.putLong(COUNTS_TABLE_AT).putInt(1);
    file.putInt(0).putLong(0);
    file.putLong(0).putLong(0).putLong(0);
    file.putInt(COUNT_ORDER).putInt(HEADER_BYTES);
    file.putLong(COUNTS_TABLE_AT, COUNTS_AT);
    for (int each = 0; each < clusters; each++) {
      file.putShort(COUNTS_AT + each * Short.BYTES, (short) 1);
    }
    return file.array();
  }
}
