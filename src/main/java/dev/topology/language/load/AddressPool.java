package dev.topology.language.load;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The addresses of cables that are given none: 10.64.0.0/10, cut into pairs (/31, RFC 3021). The
 * cable with index i in the file gets the pair i, so that giving another one an address moves
 * nothing; only where an address of the user's is in the way does it get the next free pair.
 */
final class AddressPool {

  private static final InterfaceAddress RANGE =
      InterfaceAddress.parse("10.64.0.0/10").orElseThrow();
  private static final long FIRST = toLong(RANGE.address());
  private static final long END = FIRST + (1L << (32 - RANGE.prefixLength()));

  /** Stretches the user has taken: first address to the one after the last. */
  private final TreeMap<Long, Long> taken = new TreeMap<>();

  private long next = FIRST;

  /**
   * Keeps clear of an address and of its network; of the address alone where the network is larger
   * than the whole range, since then nothing would be left.
   */
  void avoid(InterfaceAddress address) {
    if (address.address().isV6() || !RANGE.overlaps(address)) {
      return;
    }
    boolean inside = address.prefixLength() > RANGE.prefixLength();
    long first = toLong(inside ? address.network().address() : address.address());
    long end = first + (inside ? 1L << (32 - address.prefixLength()) : 1);
    if (endOfTaken(first) < end) {
      // Two networks are apart, or one lies in the other: what is left never overlaps.
      taken.subMap(first, end).clear();
      taken.put(first, end);
    }
  }

  /** The pair for the cable with that index, the even address first; empty if all are given out. */
  Optional<Pair> pairFor(int index) {
    long pair = Math.max(next, FIRST + 2L * index);
    while (endOfTaken(pair + 1) > pair) {
      pair = (endOfTaken(pair + 1) + 1) / 2 * 2;
    }
    next = pair + 2;
    return next > END ? Optional.empty() : Optional.of(new Pair(at(pair), at(pair + 1)));
  }

  /** Both addresses of a cable. */
  record Pair(InterfaceAddress left, InterfaceAddress right) {}

  /** Where the stretch ends that starts at or before an address; 0 if none does. */
  private long endOfTaken(long address) {
    Map.Entry<Long, Long> stretch = taken.floorEntry(address);
    return stretch == null ? 0 : stretch.getValue();
  }

  private static InterfaceAddress at(long address) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) address).array();
    return new InterfaceAddress(IpAddress.of(bytes), 31);
  }

  private static long toLong(IpAddress address) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(address.inet().getAddress()).getInt());
  }
}
