package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.model.Shaping;
import dev.topology.plan.PlanChange.CableCaptured;
import dev.topology.plan.PlanChange.CablePlugged;
import dev.topology.plan.PlanChange.CableRenamed;
import dev.topology.plan.PlanChange.CableReplaced;
import dev.topology.plan.PlanChange.CableShaped;
import dev.topology.plan.PlanChange.CableUnplugged;
import dev.topology.plan.PlanChange.ShaperChanged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What becomes of cables where another plan is carried out: see {@link PlanComparison}. */
final class CableComparison {

  private final List<PlanChange> changes = new ArrayList<>();
  private final Map<String, String> kept = new LinkedHashMap<>();
  private final Map<String, List<String>> reasons = new HashMap<>();
  private final Set<String> gettingCables = new HashSet<>();

  /** Compares the cables of two topologies, both in the order of their files. */
  static CableComparison of(List<Cable> from, List<Cable> to) {
    CableComparison comparison = new CableComparison();
    Map<String, List<Cable>> left = new LinkedHashMap<>();
    from.forEach(it -> left.computeIfAbsent(ends(it), key -> new ArrayList<>()).add(it));
    Map<Cable, Optional<Cable>> formerOf = new LinkedHashMap<>();
    for (Cable cable : to) {
      List<Cable> candidates = left.getOrDefault(ends(cable), List.of());
      Optional<Cable> former =
          candidates.stream().min(Comparator.comparing(it -> !it.name().equals(cable.name())));
      former.ifPresent(candidates::remove);
      formerOf.put(cable, former);
    }
    left.values().forEach(gone -> gone.forEach(comparison::unplugged));
    formerOf.forEach(
        (cable, former) ->
            former.ifPresentOrElse(
                it -> comparison.compare(it, cable), () -> comparison.plugged(cable)));
    return comparison;
  }

  /** What is done to cables: first those that go, then the others in the order of the file. */
  List<PlanChange> changes() {
    return changes;
  }

  /** The cables that stay: their names now, and before. */
  Map<String, String> kept() {
    return kept;
  }

  /** Why a node restarts that has ends of cables; one clause each. */
  List<String> reasons(String node) {
    return reasons.getOrDefault(node, List.of());
  }

  /** Whether a node gets a cable that it did not have. */
  boolean plugsInto(String node) {
    return gettingCables.contains(node);
  }

  /** Only between two switches there can be several with the same: those go by their names. */
  private static String ends(Cable cable) {
    return cable.left() + " " + cable.right();
  }

  private void unplugged(Cable cable) {
    changes.add(new CableUnplugged(cable.name()));
    atNodes(cable, "cable " + cable.name() + " is gone");
  }

  private void plugged(Cable cable) {
    changes.add(new CablePlugged(cable.name()));
    atNodes(cable, "cable " + cable.name() + " is new");
    cable.endpoints().forEach(end -> gettingCables.add(end.node()));
  }

  private void atNodes(Cable cable, String reason) {
    cable.endpoints().stream()
        .map(Endpoint::node)
        .distinct()
        .forEach(node -> reasons.computeIfAbsent(node, it -> new ArrayList<>()).add(reason));
  }

  private void compare(Cable former, Cable cable) {
    Optional<String> replaced = whyReplaced(former, cable);
    for (int index = 0; index < cable.ends().size(); index++) {
      if (cable.ends().get(index) instanceof Endpoint end
          && former.ends().get(index) instanceof Endpoint before) {
        compare(before, end);
      }
    }
    if (replaced.isPresent()) {
      changes.add(new CableReplaced(cable.name(), former.name(), replaced.get()));
      atNodes(cable, "cable " + cable.name() + " is replaced: " + replaced.get());
      return;
    }
    kept.put(cable.name(), former.name());
    if (!cable.name().equals(former.name())) {
      changes.add(new CableRenamed(cable.name(), former.name()));
    }
    Optional<Shaping> shaping = cable.shaper().map(Cable.Shaper::shaping);
    if (former.shaper().isPresent() != cable.shaper().isPresent()) {
      changes.add(new ShaperChanged(cable, /* isOther= */ false));
    } else if (hasOtherSeed(former, cable)) {
      changes.add(new ShaperChanged(cable, /* isOther= */ true));
    } else if (!shaping.equals(former.shaper().map(Cable.Shaper::shaping))) {
      changes.add(new CableShaped(cable.name(), shaping.orElseThrow()));
    }
    if (!cable.capture().equals(former.capture())) {
      changes.add(new CableCaptured(cable.name(), cable.capture()));
    }
  }

  private static Optional<String> whyReplaced(Cable former, Cable cable) {
    if (!former.outside().equals(cable.outside())) {
      return Optional.of("it listens at another port");
    }
    return cable.outside().isPresent() && hasOtherSeed(former, cable)
        ? Optional.of("it has another seed")
        : Optional.empty();
  }

  /** A seed that is not given comes out of the name. */
  private static boolean hasOtherSeed(Cable former, Cable cable) {
    return former.name().equals(cable.name())
        && !former.shaper().map(Cable.Shaper::seed).equals(cable.shaper().map(Cable.Shaper::seed));
  }

  private void compare(Endpoint former, Endpoint end) {
    List<String> what = new ArrayList<>();
    if (!former.addressWords().equals(end.addressWords())) {
      what.add("address");
    }
    if (!former.mac().equals(end.mac())) {
      what.add("MAC address");
    }
    if (!former.mtu().equals(end.mtu())) {
      what.add("MTU");
    }
    if (!what.isEmpty()) {
      reasons
          .computeIfAbsent(end.node(), it -> new ArrayList<>())
          .add(end.interfaceName() + " has another " + String.join(" and another ", what));
    }
  }
}
