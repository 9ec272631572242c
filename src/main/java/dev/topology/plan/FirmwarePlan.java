package dev.topology.plan;

import dev.topology.model.Architecture;
import dev.topology.model.Node;
import dev.topology.model.Pc.Firmware;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.UefiFirmware;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.qemu.QemuOption;
import java.util.List;
import java.util.Optional;

/**
 * The UEFI of a machine that boots from its own disk; that of a PC in place of its BIOS.
 *
 * @param files what it is made of
 * @param descriptor the number under which QEMU inherits the node's own copy of its variables
 */
public record FirmwarePlan(UefiFirmware files, int descriptor) {

  static Optional<FirmwarePlan> of(Node node, HostFacts facts, int descriptor)
      throws PlanException {
    if (!isWanted(node)) {
      return Optional.empty();
    }
    UefiFirmware files =
        facts
            .of(node.architecture())
            .uefi()
            .orElseThrow(
                () ->
                    new PlanException(
                        ("node \"%s\" boots by UEFI, of which this host has none for %s guests."
                                + " Install it: apt-get install %s. `topology doctor` shows where"
                                + " it was looked for.")
                            .formatted(
                                node.name(),
                                node.architecture(),
                                node.architecture() == Architecture.AMD64
                                    ? "ovmf, on Fedora and Arch edk2-ovmf"
                                    : "qemu-efi-aarch64, on Fedora and Arch edk2-aarch64")));
    return Optional.of(new FirmwarePlan(files, descriptor));
  }

  /** Whether a node of a topology has one. */
  public static boolean isWanted(Topology topology) {
    return topology.nodes().stream().anyMatch(FirmwarePlan::isWanted);
  }

  private static boolean isWanted(Node node) {
    return node.pc().filter(it -> it.firmware() == Firmware.UEFI).isPresent();
  }

  /** What is in the machine's two flash chips. */
  List<QemuOption> options(Wiring wiring) {
    return wiring.firmware(this);
  }
}
