package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.Node;
import dev.topology.model.Readiness;
import dev.topology.plan.NodePlan.ReadyWhen;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import java.time.Duration;

/**
 * When a node counts as ready, and how long it may take unless the user says: a fixed time, many
 * times what a boot takes, and a share for each node of the topology, as they may all boot at once
 * on few processors (16 guests under TCG on two of them: 13.5 s).
 */
final class ReadyRule {

  private static final Duration KVM_BASE = Duration.ofSeconds(30);
  private static final Duration KVM_PER_NODE = Duration.ofSeconds(1);
  private static final Duration TCG_BASE = Duration.ofMinutes(2);
  private static final Duration TCG_PER_NODE = Duration.ofSeconds(4);

  private final int nodes;

  ReadyRule(int nodes) {
    this.nodes = nodes;
  }

  ReadyWhen of(Node node, Boot boot, Accelerator accelerator) {
    Readiness readiness = node.readiness();
    Signal signal =
        readiness
            .condition()
            .<Signal>map(Signal.Given::new)
            .orElseGet(() -> boot.speaksControl() ? new Signal.Control() : new Signal.Running());
    return new ReadyWhen(signal, readiness.within().orElseGet(() -> usual(accelerator)));
  }

  private Duration usual(Accelerator accelerator) {
    return accelerator == Accelerator.KVM
        ? KVM_BASE.plus(KVM_PER_NODE.multipliedBy(nodes))
        : TCG_BASE.plus(TCG_PER_NODE.multipliedBy(nodes));
  }
}
