package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.MISSING_KEY;
import static dev.topology.source.DiagnosticId.NOT_SHAPED;
import static dev.topology.source.DiagnosticId.OUTSIDE_END;

import dev.topology.language.bind.Keys;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.yaml.Report;
import dev.topology.model.CableEnd.Outside;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether each end of a cable is either plugged into a node or switch or leads out of the topology,
 * and whether what is said of an end that leads out goes together.
 */
final class OutsideCheck {

  private static final List<String> PLUGS = List.of("node", "host", "udp");

  private static final List<String> OF_INTERFACES = List.of("interface", "address", "mac", "mtu");

  private final Report report;

  /** Taps and ports of the host that cables lead to, as they are printed. */
  private final Map<String, Location> taken = new HashMap<>();

  OutsideCheck(Report report) {
    this.report = report;
  }

  void check(List<CableDraft> cables) {
    for (CableDraft cable : cables) {
      cable.ends().forEach(this::check);
      cable.ends().forEach(it -> it.outside().ifPresent(outside -> checkOnce(it, outside)));
      if (cable.left().outside().isPresent() && cable.right().outside().isPresent()) {
        report.add(
            diagnostic(cable.right(), "a cable cannot lead out of the topology at both ends")
                .hint("one end is that of a node or switch"));
      }
      if (cable.leadsOut() && Boolean.FALSE.equals(cable.keys().shaped())) {
        report.add(
            Diagnostic.of(
                    NOT_SHAPED,
                    cable.locate("shaped"),
                    "a cable that leads out of the topology always has a shaper")
                .hint("leave \"shaped\" out: a shaper without settings changes nothing"));
      }
    }
  }

  private void check(EndDraft end) {
    List<String> plugs = PLUGS.stream().filter(it -> end.tree().get(it).isPresent()).toList();
    if (plugs.isEmpty()) {
      reportMissing(end);
    } else if (plugs.size() > 1) {
      report.add(
          Diagnostic.of(
                  OUTSIDE_END,
                  end.locate(plugs.get(1)),
                  "the end of a cable has %s or %s, not both"
                      .formatted(Quote.of(plugs.get(0)), Quote.of(plugs.get(1))))
              .hint("what leads out of the topology is the other end"));
    } else if (end.outside().isPresent()) {
      OF_INTERFACES.stream()
          .filter(it -> end.tree().get(it).isPresent())
          .forEach(it -> reportSetting(end, it));
    }
    if (end.tree().get("listen").isPresent() && !plugs.contains("udp")) {
      report.add(
          Diagnostic.of(OUTSIDE_END, end.locate("listen"), "\"listen\" belongs to \"udp\"")
              .hint("such as {udp: \"192.0.2.7:5001\", listen: 5002}"));
    }
  }

  private void reportMissing(EndDraft end) {
    boolean isMeant =
        PLUGS.stream().anyMatch(it -> Keys.isMeant(it, EndDocument.class, end.tree()));
    if (!isMeant) {
      report.add(
          Diagnostic.of(
                  MISSING_KEY, end.tree().location(), "the end of a cable needs the key \"node\"")
              .hint(Keys.example(EndDocument.class, "node").map(it -> "such as \"" + it + "\"")));
    }
  }

  private void reportSetting(EndDraft end, String key) {
    report.add(
        Diagnostic.of(
                OUTSIDE_END,
                end.locate(key),
                "an end that leads out of the topology has no " + Quote.of(key))
            .hint("the other end of the cable can have one"));
  }

  /** A tap takes one cable, and a port of the host one socket. */
  private void checkOnce(EndDraft end, Outside outside) {
    boolean isUnreadable = end.tree().get("listen").isPresent() && end.keys().listen() == null;
    if (isUnreadable) {
      return;
    }
    if (outside instanceof Outside.Udp udp
        && udp.peer().isLoopback()
        && udp.peer().port() == udp.listen()) {
      report.add(
          diagnostic(end, "this cable leads to itself: it sends to the port that it listens at")
              .hint("give the other program a port of its own, such as \"listen: 5002\""));
    }
    String thing =
        outside instanceof Outside.Udp udp
            ? "UDP port " + udp.listen() + " of this host"
            : outside.words();
    Location first = taken.putIfAbsent(thing, end.locateOutside());
    if (first != null) {
      report.add(
          diagnostic(end, "another cable has " + thing + " already")
              .related("first given here:", first));
    }
  }

  private static Diagnostic diagnostic(EndDraft end, String message) {
    return Diagnostic.of(OUTSIDE_END, end.locateOutside(), message);
  }
}
