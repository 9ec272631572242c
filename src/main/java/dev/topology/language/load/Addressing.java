package dev.topology.language.load;

import dev.topology.language.load.Addressing.AddressPool.Pair;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.load.Patchbay.Plug;
import dev.topology.language.load.Patchbay.PluggedCable;
import dev.topology.language.load.Patchbay.PluggedEnd;
import dev.topology.language.yaml.Report;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Gives each cable's ends their addresses: those written, or else a pair out of the pool, or one of
 * the subnet of a switch. Of the network that a cable leads out to nothing is known here: an end of
 * such a cable has the addresses that are written, or none.
 */
final class Addressing {

  private final AddressPool pool = new AddressPool();
  private final Draft draft;
  private final FormerAddresses former;
  private final SwitchAddresses switches;
  private final Report report;
  private final IdentityHashMap<PluggedCable, Pair> keptPairs = new IdentityHashMap<>();

  /**
   * @param former those that are kept where the file gives none
   */
  Addressing(Draft draft, FormerAddresses former, Report report) {
    this.draft = draft;
    this.former = former;
    this.switches = new SwitchAddresses(draft.switches(), pool, former, report);
    this.report = report;
  }

  /** The subnets of a switch; none before {@link #assign}, or if nothing at it needs an address. */
  List<InterfaceAddress> subnetsOf(String name) {
    return switches.subnetsOf(name);
  }

  /** The cables with their addresses, in the same order. */
  List<AddressedCable> assign(List<PluggedCable> cables) {
    cables.stream()
        .flatMap(it -> it.draft().ends().stream())
        .flatMap(it -> it.addresses().stream())
        .forEach(pool::avoid);
    draft.switches().values().stream().flatMap(it -> it.subnets().stream()).forEach(pool::avoid);
    cables.stream().filter(this::isAutomatic).forEach(this::keepPair);
    switches.assign(cables);
    List<AddressedCable> addressed = new ArrayList<>();
    for (int index = 0; index < cables.size(); index++) {
      addressed.add(assign(cables.get(index), index));
    }
    return addressed;
  }

  private boolean isAutomatic(PluggedCable cable) {
    return cable.switches().findAny().isEmpty()
        && !cable.draft().isUnaddressed()
        && !cable.draft().leadsOut()
        && cable.draft().ends().stream().noneMatch(EndDraft::isAddressed);
  }

  private void keepPair(PluggedCable cable) {
    former.pairOf(cable).filter(pool::keep).ifPresent(it -> keptPairs.put(cable, it));
  }

  private AddressedCable assign(PluggedCable cable, int index) {
    Optional<String> segment = switches.segmentOf(cable);
    if (segment.isPresent()) {
      return new AddressedCable(
          cable, addressesAtSwitch(cable.left()), addressesAtSwitch(cable.right()), segment);
    }
    CableDraft draft = cable.draft();
    if (isAutomatic(cable)) {
      Optional<Pair> pair = Optional.ofNullable(keptPairs.get(cable)).or(() -> pool.pairFor(index));
      if (pair.isPresent()) {
        return new AddressedCable(
            cable, List.of(pair.get().left()), List.of(pair.get().right()), segment);
      }
      report.add(
          Diagnostic.of(
                  DiagnosticId.ADDRESSES_EXHAUSTED,
                  draft.tree().location(),
                  "there is no pair of addresses left in 10.64.0.0/10 for this cable")
              .hint("give its ends addresses, or \"address: none\""));
    }
    return new AddressedCable(cable, draft.left().addresses(), draft.right().addresses(), segment);
  }

  private List<InterfaceAddress> addressesAtSwitch(PluggedEnd end) {
    return end instanceof Plug plug ? switches.of(plug) : List.of();
  }

  /**
   * A cable with the addresses of its ends.
   *
   * @param cable where it is plugged in
   * @param left addresses of its left end
   * @param right addresses of its right end
   * @param segment of switches that it is part of, by the name of one of them
   */
  record AddressedCable(
      PluggedCable cable,
      List<InterfaceAddress> left,
      List<InterfaceAddress> right,
      Optional<String> segment) {

    /** Passes on each end at a node, with its addresses. */
    void forEachPlug(BiConsumer<Plug, List<InterfaceAddress>> action) {
      if (cable.left() instanceof Plug plug) {
        action.accept(plug, left);
      }
      if (cable.right() instanceof Plug plug) {
        action.accept(plug, right);
      }
    }

    boolean isShared() {
      return left.stream()
          .anyMatch(it -> right.stream().anyMatch(other -> it.covers(other.address())));
    }
  }

  /**
   * The addresses of cables that are given none: 10.64.0.0/10, cut into pairs (/31, RFC 3021). The
   * cable with index i in the file gets the pair i, so an address given to one cable changes
   * nothing at the others. A pair in which the user has taken an address is skipped.
   */
  static final class AddressPool {

    private static final InterfaceAddress RANGE =
        InterfaceAddress.parse("10.64.0.0/10").orElseThrow();
    private static final long FIRST = toLong(RANGE.address());
    private static final long END = FIRST + (1L << (32 - RANGE.prefixLength()));

    private static final int LEAST_HOST_BITS = 8;

    /** Ranges the user has taken: by the first address, the one after the last. */
    private final TreeMap<Long, Long> taken = new TreeMap<>();

    private long next = FIRST;
    private long last = END;

    /**
     * Reserves an address and its network; the address alone if the network is larger than the
     * whole range, since nothing would be left.
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

    /** Reserves a pair that was given out before; false if it is not to be had any more. */
    boolean keep(Pair pair) {
      return keep(pair.left());
    }

    /** Likewise, a network. */
    boolean keep(InterfaceAddress network) {
      boolean isOurs =
          !network.address().isV6()
              && network.prefixLength() > RANGE.prefixLength()
              && RANGE.covers(network.address());
      long first = isOurs ? toLong(network.network().address()) : 0;
      boolean isFree =
          isOurs && endOfTaken(first + (1L << (32 - network.prefixLength())) - 1) <= first;
      if (isFree) {
        avoid(network);
      }
      return isFree;
    }

    /**
     * The pair for the cable with that index, the even address first; empty if all are given out.
     */
    Optional<Pair> pairFor(int index) {
      long pair = Math.max(next, FIRST + 2L * index);
      while (endOfTaken(pair + 1) > pair) {
        pair = (endOfTaken(pair + 1) + 1) / 2 * 2;
      }
      next = pair + 2;
      return next > END ? Optional.empty() : Optional.of(new Pair(at(pair, 31), at(pair + 1, 31)));
    }

    /**
     * The next network from the end of the range with room for so many hosts, a /24 or larger;
     * empty if none is free.
     */
    Optional<InterfaceAddress> networkFor(int hosts) {
      int bits = Math.max(LEAST_HOST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(hosts + 1));
      long size = 1L << bits;
      long start = (last - size) & -size;
      while (start >= FIRST && endOfTaken(start + size - 1) > start) {
        start -= size;
      }
      last = start;
      if (start < FIRST) {
        return Optional.empty();
      }
      taken.put(start, start + size);
      return Optional.of(at(start, Integer.SIZE - bits));
    }

    /** Both addresses of a cable. */
    record Pair(InterfaceAddress left, InterfaceAddress right) {}

    /** Where the taken range ends that starts at or before an address; 0 if there is none. */
    private long endOfTaken(long address) {
      Map.Entry<Long, Long> stretch = taken.floorEntry(address);
      return stretch == null ? 0 : stretch.getValue();
    }

    private static InterfaceAddress at(long address, int prefixLength) {
      byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) address).array();
      return new InterfaceAddress(IpAddress.of(bytes), prefixLength);
    }

    private static long toLong(IpAddress address) {
      return Integer.toUnsignedLong(ByteBuffer.wrap(address.inet().getAddress()).getInt());
    }
  }
}
