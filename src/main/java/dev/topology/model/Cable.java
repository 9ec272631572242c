package dev.topology.model;

import dev.topology.model.CableEnd.Outside;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Point-to-point Ethernet between two ends, which may be on the same node; one may be outside the
 * topology.
 *
 * @param name given by the user, or made of its ends: {@code left:eth1--right:eth1}, {@code
 *     office--left:eth1}
 * @param left the end named first in the file
 * @param right the end named second
 * @param capture where every frame is recorded, as pcap; absolute
 * @param shaper in the middle, if there is one; a cable that leads out of the topology has one
 */
public record Cable(
    String name, CableEnd left, CableEnd right, Optional<Path> capture, Optional<Shaper> shaper) {

  /** A plain wire. */
  public Cable(String name, CableEnd left, CableEnd right, Optional<Path> capture) {
    this(name, left, right, capture, Optional.empty());
  }

  /** Both ends, the left one first. */
  public List<CableEnd> ends() {
    return List.of(left, right);
  }

  /** Those ends that are interfaces of nodes. */
  public List<Endpoint> endpoints() {
    return ends().stream().filter(Endpoint.class::isInstance).map(Endpoint.class::cast).toList();
  }

  /** What is at its end outside the topology, if it has such an end. */
  public Optional<Outside> outside() {
    return ends().stream().filter(Outside.class::isInstance).map(Outside.class::cast).findFirst();
  }

  /** Whether an end is plugged into a node or switch. */
  public boolean isAt(String owner) {
    return left.owner().equals(owner) || right.owner().equals(owner);
  }

  /** How a file of captured frames begins: pcap-savefile(5), and pcapng. */
  public static final class CaptureFormat {

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

  /**
   * The shaper in the middle of a cable.
   *
   * @param shaping what it does to frames at first
   * @param seed the seed of its random decisions: with the same seed, the same frames in the same
   *     order are treated alike
   */
  public record Shaper(Shaping shaping, long seed) {

    /** A shaper with the cable's own seed: the same every time, different on every cable. */
    public static Shaper of(Shaping shaping, String topology, String cable) {
      return new Shaper(shaping, NameHash.of(topology, cable));
    }
  }
}
