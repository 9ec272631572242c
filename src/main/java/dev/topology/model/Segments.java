package dev.topology.model;

import dev.topology.model.CableEnd.SwitchEnd;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which switches are one Ethernet segment, as cables join them. Built by one thread. */
public final class Segments {

  private final Map<String, String> parents = new HashMap<>();

  /** No two switches are joined. */
  public Segments() {}

  static Segments of(List<Cable> cables) {
    Segments segments = new Segments();
    for (Cable cable : cables) {
      if (cable.left() instanceof SwitchEnd left && cable.right() instanceof SwitchEnd right) {
        segments.join(left.owner(), right.owner());
      }
    }
    return segments;
  }

  /**
   * Joins two switches.
   *
   * @return whether they were apart before: otherwise there is a loop now
   */
  public boolean join(String left, String right) {
    String one = of(left);
    String other = of(right);
    parents.put(other, one);
    return !one.equals(other);
  }

  /** The switch that stands for a switch and all that it is joined with. */
  public String of(String name) {
    String root = name;
    while (!Objects.equals(parents.getOrDefault(root, root), root)) {
      root = Objects.requireNonNull(parents.get(root));
    }
    parents.put(name, root);
    return root;
  }

  /** That of a cable with an end at a switch. */
  Optional<String> of(Cable cable) {
    return cable.ends().stream()
        .filter(SwitchEnd.class::isInstance)
        .map(it -> of(it.owner()))
        .findFirst();
  }
}
