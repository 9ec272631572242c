package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.CABLE_NAME_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.MAC_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.NEEDS_DELAY;
import static dev.topology.source.DiagnosticId.NOT_SHAPED;

import dev.topology.language.bind.Keys;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.ShapingKeys;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.model.MacAddress;
import dev.topology.model.ShapingSetting;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether names and MAC addresses of cables are unique, and the settings of shapers consistent. */
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

  /** Whether the keys of a cable's shaper are consistent. */
  static final class ShapingCheck {

    private final Report report;

    ShapingCheck(Report report) {
      this.report = report;
    }

    /** Whether a cable has a shaper: because it says so, or because a key needs one. */
    static boolean isShaped(CableDocument keys) {
      return Objects.requireNonNullElse(keys.shaped(), !asked(keys).isEmpty());
    }

    void check(CableDraft cable) {
      if (!isShaped(cable.keys())) {
        asked(cable.keys()).forEach(key -> contradicts(cable, key));
        return;
      }
      Duration jitter = Objects.requireNonNullElse(cable.keys().jitter(), Duration.ZERO);
      Duration delay = Objects.requireNonNullElse(cable.keys().delay(), Duration.ZERO);
      if (jitter.compareTo(delay) > 0) {
        String written = written(cable, "jitter");
        String message = "a jitter of " + written + " needs a delay of " + written + " or more";
        needsDelay(cable, "jitter", message);
      }
      if (cable.keys().reorder() != null && delay.isZero()) {
        needsDelay(cable, "reorder", "frames overtake those that a delay holds up");
      }
    }

    private void contradicts(CableDraft cable, String key) {
      String message = "a cable that says \"shaped: false\" cannot have a \"" + key + "\"";
      report.add(
          Diagnostic.of(NOT_SHAPED, TreePath.toKey(key).locate(cable.tree()), message)
              .related("said here:", cable.locate("shaped")));
    }

    private void needsDelay(CableDraft cable, String key, String message) {
      // A delay that is written, but wrong, has been reported.
      boolean isHidden =
          TreePath.to("delay").find(cable.tree()).isPresent()
              || Keys.isMeant("delay", CableDocument.class, cable.tree());
      if (cable.keys().delay() != null || !isHidden) {
        report.add(Diagnostic.of(NEEDS_DELAY, cable.locate(key), message).hint(delayOf(cable)));
      }
    }

    private static String delayOf(CableDraft cable) {
      return cable.keys().delay() == null
          ? "such as \"delay: 20ms\""
          : "the delay is " + written(cable, "delay");
    }

    private static String written(CableDraft cable, String key) {
      return cable.tree().get(key).map(Tree::text).orElse("");
    }

    /** The keys of a cable that need a shaper. */
    private static Set<String> asked(CableDocument keys) {
      Set<String> asked = new LinkedHashSet<>();
      settings(keys).keySet().forEach(setting -> asked.add(setting.key()));
      if (keys.seed() != null) {
        asked.add("seed");
      }
      return asked;
    }

    /** The settings of a shaper that are given. */
    static Map<ShapingSetting, Object> settings(ShapingKeys keys) {
      Map<ShapingSetting, Object> settings = new EnumMap<>(ShapingSetting.class);
      for (ShapingSetting setting : ShapingSetting.values()) {
        @Nullable Object value =
            switch (setting) {
              case DELAY -> keys.delay();
              case JITTER -> keys.jitter();
              case LOSS -> keys.loss();
              case DUPLICATE -> keys.duplicate();
              case CORRUPT -> keys.corrupt();
              case REORDER -> keys.reorder();
              case RATE -> keys.rate();
              case QUEUE -> keys.queue();
            };
        if (value != null) {
          settings.put(setting, value);
        }
      }
      return settings;
    }
  }
}
