package dev.topology.model;

/**
 * An amount of memory, in whole bytes.
 *
 * @param bytes more than 0
 */
public record Memory(long bytes) {

  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;

  public Memory {
    if (bytes <= 0) {
      throw new IllegalArgumentException("memory must be more than 0 bytes: " + bytes);
    }
  }

  /** That many mebibytes. */
  public static Memory ofMebibytes(long mebibytes) {
    return new Memory(Math.multiplyExact(mebibytes, MIB));
  }

  /** In mebibytes, rounded up, as QEMU's {@code -m} counts. */
  public long mebibytes() {
    return (bytes + MIB - 1) / MIB;
  }

  /** As a user writes it: {@code 96MiB}, {@code 1GiB}. */
  @Override
  public String toString() {
    if (bytes % GIB == 0) {
      return bytes / GIB + "GiB";
    }
    if (bytes % MIB == 0) {
      return bytes / MIB + "MiB";
    }
    return bytes % KIB == 0 ? bytes / KIB + "KiB" : bytes + "B";
  }
}
