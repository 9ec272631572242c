package dev.topology.containerlab;

import dev.topology.source.Location;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has been found so far, each place once: what many nodes inherit is one thing of the user's.
 */
final class Findings {

  private final Map<Location, Finding> byPlace = new LinkedHashMap<>();

  void add(Value place, String key, String why, String advice) {
    byPlace.putIfAbsent(place.location(), new Finding(place.location(), key, why, advice));
  }

  /** In the order of the file. */
  List<Finding> sorted() {
    return byPlace.values().stream()
        .sorted(Comparator.comparing(it -> it.location().start()))
        .toList();
  }
}
