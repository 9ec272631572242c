package dev.topology.run.cable;

import dev.topology.model.CaptureFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The format: pcap-savefile(5). Little-endian, with microseconds, as every reader knows it. */
final class Pcap {

  static final int HEADER_BYTES = 24;
  static final int RECORD_HEADER_BYTES = 16;

  /** No frame of a guest is longer: Datagrams.LONGEST, NET_BUFSIZE in QEMU. */
  static final int LONGEST_FRAME = 4096 + 65536;

  private static final short MAJOR = 2;
  private static final short MINOR = 4;
  private static final int LINKTYPE_ETHERNET = 1;
  private static final long SECOND_MICROS = 1_000_000;

  private Pcap() {}

  /** What comes before the first record. */
  static ByteBuffer header() {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(CaptureFormat.PCAP_MAGIC)
        .putShort(MAJOR)
        .putShort(MINOR)
        .putInt(0)
        .putInt(0)
        .putInt(LONGEST_FRAME)
        .putInt(LINKTYPE_ETHERNET)
        .flip();
  }

  /** Puts a record at the position of a little-endian buffer that has room for it. */
  static void putRecord(
      ByteBuffer to, long epochMicros, ByteBuffer memory, int offset, int length) {
    to.putInt((int) (epochMicros / SECOND_MICROS));
    to.putInt((int) (epochMicros % SECOND_MICROS));
    to.putInt(length);
    to.putInt(length);
    to.put(to.position(), memory, offset, length);
    to.position(to.position() + length);
  }
}
