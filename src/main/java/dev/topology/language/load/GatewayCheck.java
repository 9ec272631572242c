package dev.topology.language.load;

import dev.topology.language.document.NodeDocument.MapKey;
import dev.topology.language.load.Addressing.AddressedCable;
import dev.topology.language.value.Addresses;
import dev.topology.language.value.Addresses.Destination;
import dev.topology.language.yaml.Report;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether nodes can reach the gateways of their routes, which must speak the same IP version. */
final class GatewayCheck {

  private final Report report;
  private final Map<String, List<InterfaceAddress>> networks = new HashMap<>();

  GatewayCheck(List<AddressedCable> cables, Report report) {
    this.report = report;
    for (AddressedCable it : cables) {
      networksOf(it.cable().left().node()).addAll(it.left());
      networksOf(it.cable().right().node()).addAll(it.right());
    }
  }

  void check(Draft draft) {
    for (NodeDraft node : draft.nodes().values()) {
      Objects.requireNonNullElse(node.keys().routes(), Map.<MapKey<Destination>, IpAddress>of())
          .forEach((to, via) -> check(node, to, via));
    }
  }

  private void check(NodeDraft node, MapKey<Destination> to, IpAddress gateway) {
    boolean mixed =
        to.value().network().filter(it -> it.address().isV6() != gateway.isV6()).isPresent();
    if (mixed) {
      report.add(
          Diagnostic.of(
              DiagnosticId.BAD_ADDRESS,
              node.locate("routes", to.text()),
              "the gateway of an IPv"
                  + (gateway.isV6() ? 4 : 6)
                  + " network cannot be IPv"
                  + (gateway.isV6() ? 6 : 4)));
    } else if (!isReachable(node, gateway)) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.UNREACHABLE_GATEWAY,
                  node.locate("routes", to.text()),
                  "gateway " + gateway + " is on no network of node " + Quote.of(node.name()))
              .hint(networksHint(node)));
    }
  }

  private boolean isReachable(NodeDraft node, IpAddress gateway) {
    return networksOf(node).stream().anyMatch(it -> it.covers(gateway))
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
