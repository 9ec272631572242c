package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cluster.Placement;
import dev.topology.cluster.Placer;
import dev.topology.cluster.Placer.Machines;
import dev.topology.cluster.Placer.PlacementException;
import dev.topology.model.Memory;
import dev.topology.model.Topology;
import java.util.Optional;
import java.util.OptionalInt;

/** The options that say which machines a topology is divided over. */
final class PlacementOptions {

  static final String MACHINES = "--machines";
  static final String MEMORY = "--machine-memory";

  private PlacementOptions() {}

  /** Takes them. */
  static VerbSpec of(VerbSpec spec) {
    return spec.option(
            MACHINES,
            "N",
            Integer.class,
            "Shows which node goes where if that many machines share the topology.")
        .option(
            MEMORY,
            "SIZE",
            Memory.class,
            "What each machine has for guests, such as 64GiB; without --machines, it takes as few "
                + "machines as can be.");
  }

  /** Whether the user asked for machines. */
  static boolean areGiven(Invocation invocation) {
    return invocation.has(MACHINES) || invocation.has(MEMORY);
  }

  /** Where everything goes; empty if the user asked for no machines. */
  static Optional<Placement> placement(Topology topology, Invocation invocation)
      throws UsageException, PlacementException {
    Optional<Integer> count = invocation.option(MACHINES);
    Optional<Memory> memory = invocation.option(MEMORY);
    if (count.isPresent() && count.get() < 1) {
      throw new UsageException(MACHINES + " takes 1 or more, not " + count.get());
    }
    if (count.isEmpty() && memory.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt machines = count.map(OptionalInt::of).orElse(OptionalInt.empty());
    return Optional.of(Placer.place(topology, new Machines(machines, memory)));
  }
}
