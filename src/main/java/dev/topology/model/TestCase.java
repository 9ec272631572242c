package dev.topology.model;

import dev.topology.source.Location;
import java.util.List;

/**
 * A test of a network, as its file describes it. Planning and running a network do not heed it.
 *
 * @param name a line without control characters, unique in the topology
 * @param location where the file names it
 * @param steps what is done once every node is ready, in order; at least one
 */
public record TestCase(String name, Location location, List<TestStep> steps) {

  public TestCase {
    steps = List.copyOf(steps);
  }
}
