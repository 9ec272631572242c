package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.model.SharedDirectory;
import dev.topology.plan.NodeSockets.HostSocket;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Virtiofsd.Isolation;
import dev.topology.plan.guest.ShareFileSystem;
import dev.topology.plan.qemu.Machine.Bus;
import dev.topology.plan.qemu.Machine.Device;
import dev.topology.plan.qemu.QemuOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one shared directory is served: over virtiofs by a process of its own, or over 9p by QEMU.
 *
 * @param directory what it is a plan of
 * @param tag by which the guest finds it
 * @param server the process of its own; empty where QEMU serves it
 * @param warning what the user should know of how it is served, if anything
 */
public record SharePlan(
    SharedDirectory directory, String tag, Optional<Server> server, Optional<String> warning) {

  /**
   * A process that serves a directory. QEMU speaks with it over a socket and shares the guest's
   * memory with it (vhost-user, docs/interop/vhost-user.rst).
   *
   * @param socket QEMU's end of the connection
   * @param command the program and all its arguments; it inherits a listening socket as descriptor
   *     {@link Virtiofsd#SOCKET}
   */
  public record Server(HostSocket socket, List<String> command) {

    public Server {
      command = List.copyOf(command);
    }
  }

  /** Those of a node, by one of its {@link ShareOptions}. */
  static List<SharePlan> of(Node node, NodeSockets sockets, Wiring wiring, HostFacts facts)
      throws PlanException {
    if (node.shares().isEmpty()) {
      return List.of();
    }
    boolean isOwnProcess = new ShareOptions(node, facts).require() == ShareFileSystem.VIRTIOFS;
    List<SharePlan> plans = new ArrayList<>();
    for (SharedDirectory directory : node.shares()) {
      String tag = "share" + plans.size();
      plans.add(
          isOwnProcess
              ? served(directory, tag, sockets.shares().get(plans.size()), wiring, facts)
              : new SharePlan(directory, tag, Optional.empty(), Optional.empty()));
    }
    return plans;
  }

  private static SharePlan served(
      SharedDirectory directory, String tag, HostSocket socket, Wiring wiring, HostFacts facts) {
    Virtiofsd program = facts.sharing().virtiofsd().orElseThrow();
    List<String> command = program.command(directory, wiring.shareSocket(tag));
    return new SharePlan(
        directory,
        tag,
        Optional.of(new Server(socket, command)),
        warning(program, directory, facts));
  }

  private static Optional<String> warning(
      Virtiofsd program, SharedDirectory directory, HostFacts facts) {
    return program.isolation() == Isolation.NONE
        ? Optional.of(
            "nothing but its own code keeps the virtiofsd that shares %s to that directory: %s"
                .formatted(directory.hostPath(), facts.sharing().reason()))
        : Optional.empty();
  }

  /** Whether QEMU serves it, and so opens its files itself. */
  public boolean isQemus() {
    return server.isEmpty();
  }

  /** By what the guest mounts it. */
  public ShareFileSystem fileSystem() {
    return isQemus() ? ShareFileSystem.NINE_P : ShareFileSystem.VIRTIOFS;
  }

  /** The options of its device, and of what is behind that. */
  List<QemuOption> options(Wiring wiring, Bus bus) {
    return server.isPresent()
        ? List.of(wiring.chardev(tag, server.get().socket()), Device.fileSystem(bus, tag, tag))
        : List.of(
            Device.directory(tag, directory.hostPath(), directory.writable()),
            Device.plan9(bus, tag, tag));
  }
}
