package dev.topology.language.load;

import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.value.Ports.GuestPort;
import dev.topology.language.yaml.Report;
import dev.topology.model.IpAddress;
import dev.topology.model.PortForward.Protocol;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether every port of the host is given out once, and every port of a guest forwarded once. */
final class HostPortCheck {

  private final Report report;

  /** By port and protocol, such as {@code 8080/tcp}. */
  private final Map<String, List<Use>> uses = new HashMap<>();

  HostPortCheck(Report report) {
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  private record Use(IpAddress address, String node, Location location) {

    boolean clashesWith(Use other) {
      return address.sharesPortsWith(other.address);
    }
  }

  private void check(NodeDraft node) {
    Map<String, String> guestPorts = new HashMap<>();
    node.ports()
        .forEach(
            (key, hostPort) -> {
              GuestPort guestPort = key.value();
              String first = guestPorts.putIfAbsent(guestPort.toString(), key.text());
              if (first != null) {
                reportGuestPort(node, key.text(), guestPort, first);
              }
              Location place = node.locate("ports", key.text());
              if (guestPort.protocol() == Protocol.UDP && hostPort.address().isV6()) {
                reportUdp(place);
              }
              hostPort
                  .numberFor(guestPort.number())
                  .ifPresent(
                      number ->
                          take(
                              number + "/" + guestPort.protocol(),
                              new Use(hostPort.address(), node.name(), place)));
            });
  }

  private void take(String port, Use use) {
    List<Use> sameNumber = uses.computeIfAbsent(port, it -> new ArrayList<>());
    sameNumber.stream()
        .filter(use::clashesWith)
        .findFirst()
        .ifPresentOrElse(first -> reportClash(port, use, first), () -> sameNumber.add(use));
  }

  private void reportClash(String port, Use use, Use first) {
    if (use.location().equals(first.location())) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.HOST_PORT_TAKEN_TWICE,
                  use.location(),
                  "host port "
                      + port
                      + " is given to several nodes, among them "
                      + Quote.of(first.node())
                      + " and "
                      + Quote.of(use.node()))
              .hint("write \"auto\" to give each node a port of its own"));
      return;
    }
    report.add(
        Diagnostic.of(
                DiagnosticId.HOST_PORT_TAKEN_TWICE,
                use.location(),
                "host port " + port + " is already given to node " + Quote.of(first.node()))
            .related("first given here:", first.location()));
  }

  private void reportUdp(Location place) {
    report.add(
        Diagnostic.of(DiagnosticId.BAD_ADDRESS, place, "UDP is forwarded from IPv4 addresses only")
            .hint("such as 127.0.0.1 or 0.0.0.0"));
  }

  private void reportGuestPort(NodeDraft node, String key, GuestPort port, String first) {
    report.add(
        Diagnostic.of(
                DiagnosticId.GUEST_PORT_FORWARDED_TWICE,
                node.locateKey("ports", key),
                "port " + port + " of the guest is forwarded twice")
            .hint("\"" + port.number() + "\" and \"" + port.number() + "/tcp\" are the same port")
            .related("first given here:", node.locateKey("ports", first)));
  }
}
