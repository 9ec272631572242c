package dev.topology.plan.guest;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.Topology;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * The IPv4 networks of a topology's cables, in as few prefixes as hold just them: the pairs of
 * 10.64.0.0/10 that 1,000 cables get are 6. A guest without a route to one of them is to have none,
 * rather than the one to its host and beyond. IPv6 does not get that far: the host network has
 * none.
 */
final class CableNetworks {

  /**
   * What a guest is told at most: each takes it some milliseconds. Networks that lie apart are more
   * only in topologies of many addresses of the user's own; those are then rounded up.
   */
  private static final int MOST = 64;

  private CableNetworks() {}

  /**
   * A prefix.
   *
   * @param start its first address, unsigned
   */
  private record Block(long start, int length) {

    static Block of(InterfaceAddress address) {
      int bits = ByteBuffer.wrap(address.network().address().inet().getAddress()).getInt();
      return new Block(Integer.toUnsignedLong(bits), address.prefixLength());
    }

    Block widened(int newLength) {
      return newLength >= length ? this : new Block(start & -(1L << (32 - newLength)), newLength);
    }

    boolean holds(Block other) {
      return length <= other.length && other.widened(length).start == start;
    }

    boolean isOtherHalfOf(Block other) {
      // No equals: that of a record is generated when first used, which takes milliseconds.
      return length == other.length && start != other.start && wider().start == other.wider().start;
    }

    Block wider() {
      return widened(length - 1);
    }

    InterfaceAddress toAddress() {
      byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) start).array();
      return new InterfaceAddress(IpAddress.of(bytes), length);
    }
  }

  /** Their prefixes, in ascending order. A network of all addresses is none of them. */
  static List<InterfaceAddress> of(Topology topology) {
    List<Block> blocks =
        joined(
            topology.cables().stream()
                .flatMap(cable -> Stream.of(cable.left(), cable.right()))
                .flatMap(end -> end.addresses().stream())
                .filter(address -> !address.address().isV6() && address.prefixLength() > 0)
                .map(Block::of)
                .toList());
    for (int length = 31; blocks.size() > MOST; length--) {
      int most = length;
      blocks = joined(blocks.stream().map(block -> block.widened(most)).toList());
    }
    return blocks.stream().map(Block::toAddress).toList();
  }

  /** Without those inside of others, and halves of one block made one. */
  private static List<Block> joined(List<Block> blocks) {
    Deque<Block> joined = new ArrayDeque<>();
    blocks.stream()
        .sorted(Comparator.comparingLong(Block::start).thenComparingInt(Block::length))
        .forEach(
            block -> {
              if (joined.isEmpty() || !joined.getLast().holds(block)) {
                add(joined, block);
              }
            });
    return List.copyOf(joined);
  }

  private static void add(Deque<Block> joined, Block block) {
    Block next = block;
    while (!joined.isEmpty() && next.length() > 1 && next.isOtherHalfOf(joined.getLast())) {
      next = next.wider();
      joined.removeLast();
    }
    joined.addLast(next);
  }
}
