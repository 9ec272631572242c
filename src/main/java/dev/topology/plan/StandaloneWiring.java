package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.plan.qemu.Chardev;
import dev.topology.plan.qemu.Netdev;
import dev.topology.plan.qemu.QemuOption;
import java.util.List;

/**
 * Nothing is inherited, so that a shell can start the node: its console is the terminal, its
 * control port a pair of named pipes, its cables lead nowhere, and nobody holds it back.
 */
final class StandaloneWiring implements Wiring {

  /**
   * Stands for the directory of the named pipes, which only the shell knows. No argument of a
   * program can contain it otherwise.
   */
  static final String DIRECTORY = "\0";

  @Override
  public List<QemuOption> monitor() {
    return List.of();
  }

  @Override
  public QemuOption chardev(String id, Purpose purpose) {
    return switch (purpose) {
      case CONSOLE -> Chardev.stdio(id);
      case CONTROL -> Chardev.pipe(id, DIRECTORY + "/control");
      default -> Chardev.nobody(id);
    };
  }

  @Override
  public ServiceRoutes services(Node node, Boot boot) {
    return ServiceRoutes.alone(node);
  }

  /** Each cable gets a hub of its own; what it would capture is not worth a file. */
  @Override
  public List<QemuOption> cable(String id, CableEnd end) {
    return List.of(Netdev.hubport(id, end.isLeft() ? 2 * end.number() : 2 * end.number() + 1));
  }
}
