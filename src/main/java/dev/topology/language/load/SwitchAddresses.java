package dev.topology.language.load;

import dev.topology.language.load.Addressing.AddressPool;
import dev.topology.language.load.Draft.SwitchDraft;
import dev.topology.language.load.Patchbay.Plug;
import dev.topology.language.load.Patchbay.PluggedCable;
import dev.topology.language.load.Patchbay.SwitchPlug;
import dev.topology.language.yaml.Report;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.Topology.Segments;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the ends at switches their addresses: the first end in the file the first address of the
 * subnet, the next the next, whether it takes it or has one of its own. So to give one end an
 * address moves no other, but the one that would have had it: that gets the first that is left.
 *
 * <p>Switches that are cabled to each other are one segment. A switch without a subnet has that of
 * the first one in its segment; if none has one, they get one out of the pool.
 */
final class SwitchAddresses {

  private final Map<String, SwitchDraft> switches;
  private final AddressPool pool;
  private final FormerAddresses former;
  private final Report report;
  private final Segments segments = new Segments();
  private final Map<String, List<InterfaceAddress>> subnets = new LinkedHashMap<>();
  private final IdentityHashMap<Plug, List<InterfaceAddress>> addresses = new IdentityHashMap<>();

  /**
   * @param former those that are kept where the file gives none
   */
  SwitchAddresses(
      Map<String, SwitchDraft> switches, AddressPool pool, FormerAddresses former, Report report) {
    this.switches = switches;
    this.pool = pool;
    this.former = former;
    this.report = report;
  }

  /** The segment that a cable at a switch is part of: the name of one of its switches. */
  Optional<String> segmentOf(PluggedCable cable) {
    return cable.switches().findFirst().map(it -> segments.of(it.name()));
  }

  /** The addresses of an end: those written, or else those it is given. */
  List<InterfaceAddress> of(Plug plug) {
    return addresses.getOrDefault(plug, plug.end().addresses());
  }

  /** The subnets of a switch; none if nothing at it needs an address. */
  List<InterfaceAddress> subnetsOf(String name) {
    return subnets.getOrDefault(name, List.of());
  }

  /** Numbers all ends at switches. */
  void assign(List<PluggedCable> cables) {
    cables.forEach(this::join);
    Map<String, List<PluggedCable>> bySegment = new LinkedHashMap<>();
    for (PluggedCable cable : cables) {
      segmentOf(cable)
          .filter(it -> !cable.plugs().isEmpty())
          .ifPresent(it -> bySegment.computeIfAbsent(it, name -> new ArrayList<>()).add(cable));
    }
    chooseSubnets(new LinkedHashMap<>(bySegment));
    bySegment.values().forEach(this::number);
  }

  private void join(PluggedCable cable) {
    List<SwitchPlug> ends = cable.switches().toList();
    if (ends.size() == 2 && !segments.join(ends.get(0).name(), ends.get(1).name())) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.SWITCH_LOOP,
                  ends.get(1).end().locate("node"),
                  "with this cable, switches form a loop")
              .hint("frames that have gone round are dropped: it works, and does nothing more"));
    }
  }

  private void chooseSubnets(Map<String, List<PluggedCable>> bySegment) {
    Map<String, SwitchDraft> first = new HashMap<>();
    for (SwitchDraft each : switches.values()) {
      if (!each.subnets().isEmpty()) {
        SwitchDraft other = first.putIfAbsent(segments.of(each.name()), each);
        if (other != null && !other.subnets().equals(each.subnets())) {
          report.add(
              Diagnostic.of(
                      DiagnosticId.SUBNETS_DIFFER,
                      each.locate("subnet"),
                      "switch %s is cabled to switch %s, which has another subnet"
                          .formatted(Quote.of(each.name()), Quote.of(other.name())))
                  .hint("their ends reach each other only with routes")
                  .related("other subnet:", other.locate("subnet")));
        }
      }
    }
    Map<String, List<InterfaceAddress>> ofSegments = new HashMap<>();
    first.forEach((segment, it) -> ofSegments.put(segment, it.subnets()));
    bySegment.keySet().removeIf(ofSegments::containsKey);
    bySegment.values().removeIf(cables -> cables.stream().noneMatch(this::needsAddresses));
    bySegment.forEach(
        (segment, cables) ->
            former
                .subnetOf(segment)
                .filter(it -> address(it, ends(cables)).isPresent() && pool.keep(it))
                .ifPresent(it -> ofSegments.put(segment, List.of(it))));
    bySegment.forEach(
        (segment, cables) ->
            ofSegments.computeIfAbsent(
                segment, it -> pool.networkFor(ends(cables)).stream().toList()));
    for (SwitchDraft each : switches.values()) {
      List<InterfaceAddress> own = each.subnets();
      List<InterfaceAddress> shared = ofSegments.getOrDefault(segments.of(each.name()), List.of());
      subnets.put(each.name(), own.isEmpty() ? shared : own);
    }
  }

  private static int ends(List<PluggedCable> cables) {
    return cables.stream().mapToInt(it -> it.plugs().size()).sum();
  }

  private boolean needsAddresses(PluggedCable cable) {
    return !cable.draft().isUnaddressed()
        && cable.plugs().stream().anyMatch(it -> !it.end().isAddressed());
  }

  /** Gives the ends of a segment addresses out of each subnet of theirs. */
  private void number(List<PluggedCable> cables) {
    Set<IpAddress> taken = new HashSet<>();
    Map<InterfaceAddress, List<PluggedCable>> bySubnet = new LinkedHashMap<>();
    for (PluggedCable cable : cables) {
      cable.plugs().forEach(it -> it.end().addresses().forEach(own -> taken.add(own.address())));
      List<InterfaceAddress> its = subnetsOf(cable.switches().findFirst().orElseThrow().name());
      its.forEach(it -> bySubnet.computeIfAbsent(it, net -> new ArrayList<>()).add(cable));
      if (its.isEmpty() && needsAddresses(cable)) {
        reportExhausted(cable, "10.64.0.0/10");
      }
    }
    bySubnet.forEach((subnet, its) -> number(subnet, its, taken));
  }

  private void number(InterfaceAddress subnet, List<PluggedCable> cables, Set<IpAddress> taken) {
    List<PluggedCable> others = new ArrayList<>();
    Set<PluggedCable> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    for (PluggedCable cable : cables) {
      Optional<IpAddress> address =
          needsAddresses(cable)
              ? former.in(subnet, cable.plugs().get(0)).filter(taken::add)
              : Optional.empty();
      address.ifPresent(
          it -> {
            give(cable, it, subnet);
            kept.add(cable);
          });
    }
    for (int index = 0; index < cables.size(); index++) {
      PluggedCable cable = cables.get(index);
      if (needsAddresses(cable) && !kept.contains(cable)) {
        Optional<IpAddress> address = address(subnet, index + 1).filter(taken::add);
        address.ifPresentOrElse(it -> give(cable, it, subnet), () -> others.add(cable));
      }
    }
    int next = 1;
    for (PluggedCable cable : others) {
      Optional<IpAddress> address = address(subnet, next);
      while (address.isPresent() && !taken.add(address.get())) {
        address = address(subnet, ++next);
      }
      address.ifPresentOrElse(
          it -> give(cable, it, subnet), () -> reportExhausted(cable, subnet.toString()));
    }
  }

  private void give(PluggedCable cable, IpAddress address, InterfaceAddress subnet) {
    addresses
        .computeIfAbsent(cable.plugs().get(0), it -> new ArrayList<>())
        .add(new InterfaceAddress(address, subnet.prefixLength()));
  }

  private void reportExhausted(PluggedCable cable, String range) {
    report.add(
        Diagnostic.of(
                DiagnosticId.ADDRESSES_EXHAUSTED,
                cable.plugs().get(0).location(),
                "there is no address left in " + range + " for this end")
            .hint("give the switch a larger subnet, or the end an address"));
  }

  /** The address of a subnet with that number, if a host can have it. */
  private static Optional<IpAddress> address(InterfaceAddress subnet, int number) {
    byte[] first = subnet.address().inet().getAddress();
    int hostBits = Byte.SIZE * first.length - subnet.prefixLength();
    BigInteger end = BigInteger.ONE.shiftLeft(hostBits);
    if (BigInteger.valueOf(number + 1L).compareTo(end) >= 0) {
      return Optional.empty();
    }
    byte[] sum = new BigInteger(1, first).add(BigInteger.valueOf(number)).toByteArray();
    byte[] address = new byte[first.length];
    byte[] digits = Arrays.copyOfRange(sum, Math.max(0, sum.length - first.length), sum.length);
    System.arraycopy(digits, 0, address, first.length - digits.length, digits.length);
    return Optional.of(IpAddress.of(address));
  }
}
