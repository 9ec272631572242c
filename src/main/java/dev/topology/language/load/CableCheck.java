package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.CABLE_NAME_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.MAC_TAKEN_TWICE;

import dev.topology.model.MacAddress;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether names and MAC addresses of cables are each given once, and shapings agree. */
final class CableCheck {

  private final Report report;

  CableCheck(Report report) {
    this.report = report;
  }

  void check(List<CableDraft> cables) {
    Map<Object, Location> seen = new HashMap<>();
    for (CableDraft cable : cables) {
      String name = cable.name().orElse(null);
      if (name != null) {
        String message = "there is a cable named " + Quote.of(name) + " already";
        once(seen, name, CABLE_NAME_TAKEN_TWICE, cable.locate("name"), message);
      }
      cable.ends().forEach(end -> checkMac(seen, end));
      new ShapingCheck(report).check(cable);
    }
  }

  private void checkMac(Map<Object, Location> seen, EndDraft end) {
    MacAddress mac = end.keys().mac();
    if (mac != null) {
      String written = end.tree().get("mac").map(Tree::text).orElse("");
      String message = "the MAC address " + written + " is given to another interface already";
      once(seen, mac, MAC_TAKEN_TWICE, end.locate("mac"), message);
    }
  }

  private void once(
      Map<Object, Location> seen, Object thing, DiagnosticId id, Location place, String message) {
    Location first = seen.putIfAbsent(thing, place);
    if (first != null) {
      report.add(Diagnostic.of(id, place, message).related("first given here:", first));
    }
  }
}
