package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.Node;

/** Settles what executes a node's instructions on this host. */
final class Acceleration {

  private Acceleration() {}

  static Accelerator of(Node node, HostFacts.KvmVerdict kvm) throws PlanException {
    return switch (node.accelerator()) {
      case TCG -> Accelerator.TCG;
      case AUTO -> kvm.proven() ? Accelerator.KVM : Accelerator.TCG;
      case KVM -> {
        if (!kvm.proven()) {
          throw unproven(node, kvm);
        }
        yield Accelerator.KVM;
      }
    };
  }

  private static PlanException unproven(Node node, HostFacts.KvmVerdict kvm) {
    return new PlanException(
        ("node \"%s\" asks for `accel: kvm`, but no guest was proven to run on KVM here: %s. Say"
                + " `accel: auto` to fall back to emulation; `topology doctor` tells more.")
            .formatted(node.name(), kvm.reason()));
  }
}
