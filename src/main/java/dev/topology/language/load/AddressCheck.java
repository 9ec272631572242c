package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.ADDRESS_REUSED;
import static dev.topology.source.DiagnosticId.ADDRESS_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.BAD_ADDRESS;
import static dev.topology.source.DiagnosticId.HALF_ADDRESSED;
import static dev.topology.source.DiagnosticId.HOST_NETWORK_OVERLAP;
import static dev.topology.source.DiagnosticId.SMALL_MTU;
import static dev.topology.source.DiagnosticId.SUBNETS_DIFFER;
import static dev.topology.source.DiagnosticId.UNREACHABLE_GATEWAY;

import dev.topology.language.document.NodeDocument.MapKey;
import dev.topology.language.load.Addressing.AddressedCable;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.Draft.SwitchDraft;
import dev.topology.language.load.Patchbay.Plug;
import dev.topology.language.load.Patchbay.PluggedCable;
import dev.topology.language.value.Addresses;
import dev.topology.language.value.Addresses.Destination;
import dev.topology.language.yaml.Report;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whether the addresses of cables make sense together, and whether nodes can reach the gateways of
 * their routes.
 */
final class AddressCheck {

  private final Map<String, SwitchDraft> switches;
  private final List<AddressedCable> cables;
  private final Report report;

  /** The least mtu of an interface with IPv6: RFC 8200, section 5. */
  private static final int LEAST_OF_IPV6 = 1280;

  /** By address, and by address with the node, and with the segment or the cable's index. */
  private final Map<Object, Location> seen = new HashMap<>();

  /** The networks of each node's cables, by the node's name. */
  private final Map<String, List<InterfaceAddress>> networks = new HashMap<>();

  /** The names of nodes that ask for addresses, which are not known. */
  private final Set<String> asking = new HashSet<>();

  AddressCheck(Map<String, SwitchDraft> switches, List<AddressedCable> cables, Report report) {
    this.switches = switches;
    this.cables = cables;
    this.report = report;
    for (AddressedCable it : cables) {
      it.forEachPlug((plug, addresses) -> networksOf(plug.node()).addAll(addresses));
      it.cable().plugs().stream()
          .filter(plug -> plug.end().saysDhcp())
          .forEach(plug -> asking.add(plug.node().name()));
    }
  }

  void check(Draft draft) {
    for (int index = 0; index < cables.size(); index++) {
      check(cables.get(index), index);
    }
    draft.nodes().values().forEach(this::checkGateways);
  }

  private void check(AddressedCable cable, int index) {
    CableDraft draft = cable.cable().draft();
    Object segment = cable.segment().<Object>map(it -> it).orElse(index);
    cable
        .cable()
        .plugs()
        .forEach(it -> checkUses(it, segment, draft.mtuOf(it.end()).orElse(LEAST_OF_IPV6)));
    if (cable.segment().isPresent()) {
      checkSubnets(cable.cable());
      return;
    }
    checkHalf(draft.left(), draft.right(), draft);
    checkHalf(draft.right(), draft.left(), draft);
    boolean both = !cable.left().isEmpty() && !cable.right().isEmpty();
    if (both && !cable.isShared()) {
      report.add(
          Diagnostic.of(
                  SUBNETS_DIFFER,
                  draft.right().locate("address"),
                  "the two ends of this cable have no network in common")
              .hint("they reach each other only with routes")
              .related("other end:", draft.left().locate("address")));
    }
  }

  private void checkUses(Plug plug, Object segment, int mtu) {
    List<InterfaceAddress> addresses = plug.end().addresses();
    if (plug.end().saysNone() && !addresses.isEmpty()) {
      reportMixed("an end of a cable has addresses or none, not both", "none", plug);
    } else if (plug.end().saysDhcp() && (plug.end().saysNone() || !addresses.isEmpty())) {
      reportMixed("an end of a cable is given addresses or asks for one, not both", "dhcp", plug);
    }
    for (int index = 0; index < addresses.size(); index++) {
      InterfaceAddress address = addresses.get(index);
      Location place = plug.end().locate("address", index);
      checkOnce(address.address(), plug, segment, place);
      if (address.address().isV6() && mtu < LEAST_OF_IPV6) {
        report.add(
            Diagnostic.of(
                    SMALL_MTU,
                    place,
                    "the IPv6 address " + address + " cannot be used with an mtu of " + mtu)
                .hint("IPv6 needs an mtu of " + LEAST_OF_IPV6 + " or more"));
      }
      if (plug.node().hasHostNetwork() && Addresses.HOST_NETWORK.covers(address.address())) {
        report.add(
            Diagnostic.of(
                    HOST_NETWORK_OVERLAP,
                    place,
                    address + " lies in the host network of node " + Quote.of(plug.node().name()))
                .hint("choose another, or say \"host_network: false\" at the node"));
      }
    }
  }

  private void reportMixed(String message, String word, Plug plug) {
    report.add(
        Diagnostic.of(BAD_ADDRESS, plug.end().locate("address"), message)
            .hint("take \"" + word + "\" out of the list"));
  }

  private void checkOnce(IpAddress address, Plug plug, Object segment, Location place) {
    Location onNode = seen.putIfAbsent(Map.entry(address, plug.node().name()), place);
    Location onCable = seen.putIfAbsent(Map.entry(address, segment), place);
    Location anywhere = seen.putIfAbsent(address, place);
    Location nearby = onNode != null ? onNode : onCable;
    if (nearby != null) {
      String where =
          onNode != null
              ? "node " + Quote.of(plug.node().name()) + " has "
              : segment instanceof String name
                  ? "another end at switch " + Quote.of(name) + " has "
                  : "the other end has ";
      report.add(
          Diagnostic.of(ADDRESS_TAKEN_TWICE, place, where + address + " already")
              .related("first given here:", nearby));
    } else if (anywhere != null) {
      report.add(
          Diagnostic.of(ADDRESS_REUSED, place, address + " is the address of another node as well")
              .hint("fine if the two never meet")
              .related("first given here:", anywhere));
    }
  }

  /** Whether the addresses that are given to ends at a switch are in a subnet of that. */
  private void checkSubnets(PluggedCable cable) {
    SwitchDraft at = switches.get(cable.switches().findFirst().orElseThrow().name());
    if (at == null || at.subnets().isEmpty()) {
      return;
    }
    for (Plug plug : cable.plugs()) {
      List<InterfaceAddress> addresses = plug.end().addresses();
      for (int index = 0; index < addresses.size(); index++) {
        IpAddress address = addresses.get(index).address();
        if (at.subnets().stream().noneMatch(it -> it.covers(address))) {
          report.add(
              Diagnostic.of(
                      SUBNETS_DIFFER,
                      plug.end().locate("address", index),
                      address + " is in no subnet of switch " + Quote.of(at.name()))
                  .hint("it reaches the other ends only with routes")
                  .related("subnet:", at.locate("subnet")));
        }
      }
    }
  }

  private void checkHalf(EndDraft bare, EndDraft other, CableDraft cable) {
    if (!bare.isAddressed()
        && !cable.leadsOut()
        && (!other.addresses().isEmpty() || other.saysDhcp())
        && !cable.isUnaddressed()) {
      report.add(
          Diagnostic.of(
                  HALF_ADDRESSED,
                  bare.locate("node"),
                  other.saysDhcp()
                      ? "the other end of this cable asks for an address, this one has none"
                      : "the other end of this cable has an address, this one has none")
              .hint("give it one, or say \"address: none\""));
    }
  }

  private void checkGateways(NodeDraft node) {
    Objects.requireNonNullElse(node.keys().routes(), Map.<MapKey<Destination>, IpAddress>of())
        .forEach((to, via) -> checkGateway(node, to, via));
  }

  private void checkGateway(NodeDraft node, MapKey<Destination> to, IpAddress gateway) {
    boolean mixed =
        to.value().network().filter(it -> it.address().isV6() != gateway.isV6()).isPresent();
    if (mixed) {
      report.add(
          Diagnostic.of(
              BAD_ADDRESS,
              node.locate("routes", to.text()),
              "the gateway of an IPv"
                  + (gateway.isV6() ? 4 : 6)
                  + " network cannot be IPv"
                  + (gateway.isV6() ? 6 : 4)));
    } else if (!isReachable(node, gateway)) {
      report.add(
          Diagnostic.of(
                  UNREACHABLE_GATEWAY,
                  node.locate("routes", to.text()),
                  "gateway " + gateway + " is on no network of node " + Quote.of(node.name()))
              .hint(networksHint(node)));
    }
  }

  private boolean isReachable(NodeDraft node, IpAddress gateway) {
    return asking.contains(node.name())
        || networksOf(node).stream().anyMatch(it -> it.covers(gateway))
        || (node.hasHostNetwork() && Addresses.HOST_NETWORK.covers(gateway));
  }

  private String networksHint(NodeDraft node) {
    List<String> names =
        networksOf(node).stream().limit(6).map(it -> it.network().toString()).toList();
    return names.isEmpty()
        ? "the node has no cable with an address"
        : "its networks are " + String.join(", ", names);
  }

  private List<InterfaceAddress> networksOf(NodeDraft node) {
    return networks.computeIfAbsent(node.name(), it -> new ArrayList<>());
  }
}
