package dev.topology.language.containerlab;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What has been found so far, each once: what many nodes inherit is one thing of the user's. */
final class Findings {

  private final Set<Finding> all = new LinkedHashSet<>();

  void add(Value place, String key, String why, String advice) {
    all.add(new Finding(place.location(), key, why, advice));
  }

  /** In the order of the file. */
  List<Finding> sorted() {
    return all.stream().sorted(Comparator.comparing(it -> it.location().start())).toList();
  }
}
