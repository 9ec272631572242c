package dev.topology.plan.guest;

import dev.topology.model.Endpoint;
import dev.topology.model.GuestService;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the guests of one topology are told. Made once for a topology, in time that grows with its
 * size and not with its square. Immutable.
 */
public final class Greetings {

  private final PeerDirectory directory;
  private final List<InterfaceAddress> cableNetworks;

  public Greetings(Topology topology) {
    this.directory = new PeerDirectory(topology);
    this.cableNetworks = CableNetworks.of(topology);
  }

  /**
   * What the guest of a node of the topology is told.
   *
   * @param services those for which the agent in it listens
   * @param shares by what it mounts the directories that it shares, if it does
   */
  public Greeting of(Node node, List<GuestService> services, Optional<ShareFileSystem> shares) {
    return new Greeting(node, services, shares, directory, cableNetworks);
  }

  /**
   * The IPv4 networks of a topology's cables, in as few prefixes as hold just them: the pairs of
   * 10.64.0.0/10 that 1,000 cables get are 6. Packets to one of them that a guest has no route to
   * must not go to its host and beyond. There is no IPv6 in the host network.
   */
  static final class CableNetworks {

    /**
     * The most prefixes that a guest gets: each takes it some milliseconds. Only topologies with
     * many addresses of the user's own have more; their prefixes are then widened.
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
        return length == other.length
            && start != other.start
            && wider().start == other.wider().start;
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
                  .flatMap(cable -> cable.endpoints().stream())
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

  /**
   * Where every node of a topology can be reached, seen from any other.
   *
   * <p>Shared by the greetings of all nodes: each of them names all others, so to keep the lines
   * themselves would take the square of the number of nodes.
   */
  static final class PeerDirectory {

    private final Topology topology;
    private final Map<String, List<InterfaceAddress>> firstAddresses = new LinkedHashMap<>();
    private final Map<String, List<Endpoint>> endpoints;
    private final Map<String, List<List<Endpoint>>> segments = new HashMap<>();

    PeerDirectory(Topology topology) {
      this.topology = topology;
      this.endpoints = topology.endpointsByNode();
      for (Node node : topology.nodes()) {
        firstAddresses.put(node.name(), List.of());
      }
      topology.cables().stream().flatMap(cable -> cable.endpoints().stream()).forEach(this::enter);
      for (List<Endpoint> segment : topology.segments()) {
        segment.stream()
            .map(Endpoint::node)
            .distinct()
            .forEach(it -> segments.computeIfAbsent(it, node -> new ArrayList<>()).add(segment));
      }
    }

    private void enter(Endpoint end) {
      firstAddresses.computeIfPresent(
          end.node(), (name, known) -> known.isEmpty() ? end.addresses() : known);
    }

    /** The addresses of others that a node reaches without a router, by their names. */
    private Map<String, List<InterfaceAddress>> neighboursOf(String node) {
      Map<String, List<InterfaceAddress>> neighbours = new HashMap<>();
      for (List<Endpoint> segment : segments.getOrDefault(node, List.of())) {
        segment.stream()
            .filter(end -> !end.node().equals(node) && !end.addresses().isEmpty())
            .forEach(end -> neighbours.putIfAbsent(end.node(), end.addresses()));
      }
      return neighbours;
    }

    /** The cable ends plugged into a node, in the order of the cables. */
    List<Endpoint> endpointsOf(String node) {
      return endpoints.getOrDefault(node, List.of());
    }

    /**
     * One line for each address of each other node: those of the first segment shared with it,
     * which need no router, or else those of its first cable that has any.
     */
    Stream<String> linesFor(String self) {
      return peersOf(self).map(peer -> "peer " + peer.name() + " " + peer.address());
    }

    /** Another node, at one of the addresses by which a node finds it. */
    record Peer(String name, IpAddress address) {}

    Stream<Peer> peersOf(String self) {
      Map<String, List<InterfaceAddress>> near = neighboursOf(self);
      return firstAddresses.entrySet().stream()
          .filter(peer -> !peer.getKey().equals(self))
          .flatMap(
              peer ->
                  near.getOrDefault(peer.getKey(), peer.getValue()).stream()
                      .map(address -> new Peer(peer.getKey(), address.address())));
    }

    /** All there is here follows from the topology. */
    @Override
    public boolean equals(Object other) {
      return other instanceof PeerDirectory that && topology.equals(that.topology);
    }

    @Override
    public int hashCode() {
      return topology.name().hashCode();
    }
  }
}
