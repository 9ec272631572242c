package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target;
import dev.topology.model.HostNetwork;
import dev.topology.model.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node's QEMU may do on the host, beside what it inherits.
 *
 * @param reads files, and directories with all below them, that it may read
 * @param writes files, devices, and directories with all in them, that it may also write
 * @param connects the only TCP ports that it may connect to; any where this is empty
 */
public record Confinement(List<Path> reads, List<Path> writes, Optional<List<Integer>> connects) {

  private static final Path NULL = Path.of("/dev/null");
  private static final Path KVM = Path.of("/dev/kvm");

  public Confinement {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    connects = connects.map(List::copyOf);
  }

  /**
   * That of a node; none where the host cannot do it, nor for a node with {@code qemu_args}, which
   * may name any file.
   */
  static Optional<Confinement> of(
      Node node,
      Boot boot,
      Accelerator accelerator,
      ServiceRoutes services,
      HostFacts facts,
      PlanOptions options) {
    if (!facts.confinement().proven() || !node.qemuArgs().isEmpty()) {
      return Optional.empty();
    }
    List<Path> reads = new ArrayList<>(facts.confinement().reads());
    reads.add(boot.kernel());
    boot.initramfs().ifPresent(reads::add);
    List<Path> writes = new ArrayList<>(List.of(NULL, LaunchPlan.pipes(options.runDirectory())));
    if (accelerator == Accelerator.KVM) {
      writes.add(KVM);
    }
    boolean outside = node.hostNetwork().stream().anyMatch(HostNetwork::outside);
    return Optional.of(
        new Confinement(
            reads, writes, outside ? Optional.empty() : Optional.of(ports(services.forwarded()))));
  }

  private static List<Integer> ports(List<GuestService> services) {
    return services.stream()
        .map(GuestService::target)
        .filter(Target.Tcp.class::isInstance)
        .map(target -> ((Target.Tcp) target).port())
        .toList();
  }
}
