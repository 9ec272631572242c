package dev.topology.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a file says about the division of its topology over several machines. Where all of it runs
 * on one machine, they mean nothing. Names are those of nodes and switches; the topology may be a
 * part of that which they were written for, and lack some.
 *
 * @param machines how many machines it may use at most, 1 or more; empty if it does not say
 * @param together lists of names, each of which goes on one machine
 * @param apart lists of names, of which no two go on the same machine
 */
public record PlacementRules(
    OptionalInt machines, List<List<String>> together, List<List<String>> apart) {

  /** Of a file that says nothing. */
  public static final PlacementRules NONE =
      new PlacementRules(OptionalInt.empty(), List.of(), List.of());

  public PlacementRules {
    together = together.stream().map(List::copyOf).toList();
    apart = apart.stream().map(List::copyOf).toList();
  }
}
