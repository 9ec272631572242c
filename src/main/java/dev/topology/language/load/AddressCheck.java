package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.ADDRESS_REUSED;
import static dev.topology.source.DiagnosticId.ADDRESS_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.BAD_ADDRESS;
import static dev.topology.source.DiagnosticId.HALF_ADDRESSED;
import static dev.topology.source.DiagnosticId.HOST_NETWORK_OVERLAP;
import static dev.topology.source.DiagnosticId.SUBNETS_DIFFER;

import dev.topology.language.load.Addressing.AddressedCable;
import dev.topology.language.load.CableDraft.EndDraft;
import dev.topology.language.load.Patchbay.Plug;
import dev.topology.language.value.Addresses;
import dev.topology.language.yaml.Report;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether the addresses that were written make sense together. */
final class AddressCheck {

  private final Report report;

  /** By address, and by address with the node or the cable's index. */
  private final Map<Object, Location> seen = new HashMap<>();

  AddressCheck(Report report) {
    this.report = report;
  }

  void check(List<AddressedCable> cables) {
    for (int index = 0; index < cables.size(); index++) {
      check(cables.get(index), index);
    }
  }

  private void check(AddressedCable cable, int index) {
    CableDraft draft = cable.cable().draft();
    cable.cable().plugs().forEach(plug -> checkUses(plug, index));
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

  private void checkUses(Plug plug, int cable) {
    List<InterfaceAddress> addresses = plug.end().addresses();
    if (plug.end().saysNone() && !addresses.isEmpty()) {
      report.add(
          Diagnostic.of(
                  BAD_ADDRESS,
                  plug.end().locate("address"),
                  "an end of a cable has addresses or none, not both")
              .hint("take \"none\" out of the list"));
    }
    for (int index = 0; index < addresses.size(); index++) {
      InterfaceAddress address = addresses.get(index);
      Location place = plug.end().locate("address", index);
      checkOnce(address.address(), plug, cable, place);
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

  private void checkOnce(IpAddress address, Plug plug, int cable, Location place) {
    Location onNode = seen.putIfAbsent(Map.entry(address, plug.node().name()), place);
    Location onCable = seen.putIfAbsent(Map.entry(address, cable), place);
    Location anywhere = seen.putIfAbsent(address, place);
    Location nearby = onNode != null ? onNode : onCable;
    if (nearby != null) {
      String where =
          onNode != null ? "node " + Quote.of(plug.node().name()) + " has " : "the other end has ";
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

  private void checkHalf(EndDraft bare, EndDraft other, CableDraft cable) {
    if (!bare.isAddressed() && !other.addresses().isEmpty() && !cable.isUnaddressed()) {
      report.add(
          Diagnostic.of(
                  HALF_ADDRESSED,
                  bare.locate("node"),
                  "the other end of this cable has an address, this one has none")
              .hint("give it one, or say \"address: none\""));
    }
  }
}
