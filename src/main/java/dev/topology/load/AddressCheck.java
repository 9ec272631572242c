package dev.topology.load;

import static dev.topology.source.DiagnosticId.ADDRESS_REUSED;
import static dev.topology.source.DiagnosticId.ADDRESS_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.HALF_ADDRESSED;
import static dev.topology.source.DiagnosticId.HOST_NETWORK_OVERLAP;
import static dev.topology.source.DiagnosticId.SUBNETS_DIFFER;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether the addresses that were written make sense together. */
final class AddressCheck {

  private final Report report;
  private final Map<Object, Location> seen = new HashMap<>();

  AddressCheck(Report report) {
    this.report = report;
  }

  void check(List<AddressedCable> cables) {
    cables.forEach(this::check);
  }

  private void check(AddressedCable cable) {
    CableDraft draft = cable.cable().draft();
    cable.cable().plugs().forEach(plug -> checkUses(plug, draft));
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

  private void checkUses(Plug plug, CableDraft cable) {
    List<InterfaceAddress> addresses = Addressing.written(plug.end());
    for (int index = 0; index < addresses.size(); index++) {
      InterfaceAddress address = addresses.get(index);
      Location place = plug.end().locate("address", index);
      checkOnce(address.address(), plug, cable, place);
      if (plug.node().hasHostNetwork() && Addresses.HOST_NETWORK.covers(address.address())) {
        report.add(
            Diagnostic.of(
                    HOST_NETWORK_OVERLAP,
                    place,
                    address + " lies in the host network of node \"" + plug.node().name() + "\"")
                .hint("choose another, or say \"host_network: false\" at the node"));
      }
    }
  }

  private record OnNode(IpAddress address, String node) {}

  private record OnCable(IpAddress address, Tree cable) {

    @Override
    public boolean equals(Object other) {
      return other instanceof OnCable that && address.equals(that.address) && cable == that.cable;
    }

    @Override
    public int hashCode() {
      return 31 * address.hashCode() + System.identityHashCode(cable);
    }
  }

  private void checkOnce(IpAddress address, Plug plug, CableDraft cable, Location place) {
    Location onNode = seen.putIfAbsent(new OnNode(address, plug.node().name()), place);
    Location onCable = seen.putIfAbsent(new OnCable(address, cable.tree()), place);
    Location anywhere = seen.putIfAbsent(address, place);
    Location nearby = onNode != null ? onNode : onCable;
    if (nearby != null) {
      String where =
          onNode != null ? "node \"" + plug.node().name() + "\" has " : "the other end has ";
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
