package dev.topology.run.node;

import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.Confinement;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.Landlock;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.posix.Spawn;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.util.stream.Stream;

/** Starts QEMU for a node, as its plan says. */
final class NodeSpawn {

  /**
   * The only variables that a QEMU with these arguments reads: it gets no others, which may hold
   * secrets.
   */
  private static final String[] ENVIRONMENT = {"LD_LIBRARY_PATH", "TMPDIR", "TZ"};

  private NodeSpawn() {}

  /**
   * Starts the QEMU of a node.
   *
   * @param inherited what it has of this process
   * @throws LaunchException if it cannot be spawned
   */
  static ChildProcess start(NodePlan plan, Stream<Inherited> inherited, Reaper reaper) {
    Spawn spawn =
        Spawn.of(plan.qemu().path())
            .named(plan.name())
            .arguments(plan.arguments())
            .keepingOfEnvironment(ENVIRONMENT)
            .guardedBy(reaper);
    if (plan.confinement().isPresent()) {
      Confinement own = plan.confinement().get();
      spawn = spawn.confinedTo(new Landlock(own.reads(), own.writes(), own.owns(), own.connects()));
    }
    for (Inherited end : inherited.toList()) {
      spawn = spawn.inherit(end.descriptor(), end.number());
    }
    try {
      return spawn.start();
    } catch (IOException e) {
      throw new LaunchException(
          "cannot run " + plan.qemu().path() + ": " + Reasons.of(e),
          Reasons.remedy(e, "see what \"topology doctor\" says about QEMU"),
          e);
    }
  }
}
