package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.plan.qemu.QemuOption;
import java.util.List;

/**
 * Where a node's character devices and cables lead on the host's side. The rest of its QEMU options
 * do not depend on it.
 */
interface Wiring {

  /** Options that come with the monitor: it, and whether the guest waits to be let go. */
  List<QemuOption> monitor();

  /**
   * The character device behind a console or a port.
   *
   * @param id unique in the node
   */
  QemuOption chardev(String id, Purpose purpose);

  /** How the guest reaches the services of the host. */
  ServiceRoutes services(Node node, Boot boot) throws PlanException;

  /** The network back end, called {@code id}, of a cable's end. */
  List<QemuOption> cable(String id, CableEnd end);
}
