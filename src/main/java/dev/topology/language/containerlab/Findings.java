package dev.topology.language.containerlab;

import dev.topology.source.Location;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What has been found so far, each once: what many nodes inherit is one thing of the user's. */
public final class Findings {

  private final Set<Finding> all = new LinkedHashSet<>();

  void add(Value place, String key, String why, String advice) {
    all.add(new Finding(place.location(), key, why, advice));
  }

  /** In the order of the file. */
  List<Finding> sorted() {
    return all.stream().sorted(Comparator.comparing(it -> it.location().start())).toList();
  }

  /**
   * Something in a containerlab file that has no counterpart, or not quite.
   *
   * @param location where it stands
   * @param key what it is called there
   * @param why there is none, or what became of it
   * @param advice what to do instead
   */
  public record Finding(Location location, String key, String why, String advice) {

    /** All of it in one line: {@code lab.clab.yml:7:5: image: a container image …; …}. */
    @Override
    public String toString() {
      return location + ": " + key + ": " + why + "; " + advice;
    }
  }
}
