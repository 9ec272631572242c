package dev.topology.model;

import java.nio.ByteBuffer;
import java.util.List;

/** How a file of captured frames begins: pcap-savefile(5), and pcapng. */
public final class CaptureFormat {

  /** How many bytes tell whether it is one. */
  public static final int MAGIC_BYTES = Integer.BYTES;

  /** The magic number of what is written here: pcap with microseconds. */
  public static final int PCAP_MAGIC = 0xa1b2c3d4;

  /** Pcap with micro- and nanoseconds, in both orders of bytes; pcapng. */
  private static final List<Integer> MAGICS =
      List.of(PCAP_MAGIC, Integer.reverseBytes(PCAP_MAGIC), 0xA1B23C4D, 0x4D3CB2A1, 0x0A0D0D0A);

  private CaptureFormat() {}

  /** Whether a file that begins with these bytes is a capture. */
  public static boolean isBegunBy(byte[] head) {
    return head.length >= MAGIC_BYTES && MAGICS.contains(ByteBuffer.wrap(head).getInt());
  }
}
