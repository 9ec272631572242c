package dev.topology.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What is in a capture, read to its last byte: pcap-savefile(5). */
record Packets(List<Packet> all) {

  private static final int MAGIC = 0xa1b2c3d4;
  private static final int ETHERNET = 1;
  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4 = 0x0800;
  private static final int PROTOCOL = ETHERNET_HEADER + 9;
  private static final int ICMP = 1;
  private static final int ICMP_TYPE = ETHERNET_HEADER + 20;

  /** A frame, and when it passed. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Packet(Instant at, byte[] bytes) {

    private boolean isIcmp(int type) {
      return bytes.length > ICMP_TYPE
          && ByteBuffer.wrap(bytes).getShort(ETHERNET_HEADER - 2) == IPV4
          && bytes[PROTOCOL] == ICMP
          && bytes[ICMP_TYPE] == type;
    }

    boolean isPing() {
      return isIcmp(8);
    }

    boolean isPong() {
      return isIcmp(0);
    }
  }

  static Packets in(Path file) throws IOException {
    return in(Files.readAllBytes(file));
  }

  static Packets in(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != MAGIC || bytes.getInt(20) != ETHERNET) {
      throw new IllegalArgumentException("not a pcap of Ethernet frames");
    }
    bytes.position(24);
    List<Packet> packets = new ArrayList<>();
    while (bytes.hasRemaining()) {
      Instant at =
          Instant.ofEpochSecond(Integer.toUnsignedLong(bytes.getInt()))
              .plus(bytes.getInt(), ChronoUnit.MICROS);
      byte[] frame = new byte[bytes.getInt()];
      bytes.getInt();
      bytes.get(frame);
      packets.add(new Packet(at, frame));
    }
    return new Packets(packets);
  }

  List<Packet> pings() {
    return all.stream().filter(Packet::isPing).toList();
  }

  List<Packet> pongs() {
    return all.stream().filter(Packet::isPong).toList();
  }
}
