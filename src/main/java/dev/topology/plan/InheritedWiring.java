package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.plan.SocketPlan.End;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.plan.qemu.Chardev;
import dev.topology.plan.qemu.Netdev;
import dev.topology.plan.qemu.QemuOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything leads to a socketpair whose end QEMU inherits. Notes each socketpair as it is asked
 * for.
 *
 * <p>The descriptors of a node are numbered from 3 in this order: QMP, console, control, shell,
 * agent, the node's channels, its kernel log if that is kept apart, what its kernel says before it
 * has a console, then its cable ends in the order of the topology's cables.
 */
final class InheritedWiring implements Wiring {

  private static final String MONITOR = "qmp";

  private final Node node;
  private final CableSockets cables;
  private final DescriptorTable descriptors = new DescriptorTable();
  private final List<SocketPlan> sockets = new ArrayList<>();

  InheritedWiring(Node node, CableSockets cables) {
    this.node = node;
    this.cables = cables;
  }

  /** The guest is held (-S) until all of the topology could be started. */
  @Override
  public List<QemuOption> monitor() {
    return List.of(chardev(MONITOR, Purpose.QMP), Chardev.monitor(MONITOR), QemuOption.flag("-S"));
  }

  @Override
  public QemuOption chardev(String id, Purpose purpose) {
    End.Child child = new End.Child(node.name(), descriptors.take());
    sockets.add(new SocketPlan(node.name() + "." + id, purpose, List.of(child, new End.Host())));
    return Chardev.socket(id, child.number());
  }

  @Override
  public List<QemuOption> cable(String id, CableEnd end) {
    End.Child child = new End.Child(node.name(), descriptors.take());
    cables.plug(end, child);
    return List.of(Netdev.socket(id, child.number()));
  }

  @Override
  public ServiceRoutes services(Node its, Boot boot) throws PlanException {
    return ServiceRoutes.of(its, boot);
  }

  /** The socketpairs between this node and the host, in the order of their descriptors. */
  List<SocketPlan> sockets() {
    return List.copyOf(sockets);
  }
}
