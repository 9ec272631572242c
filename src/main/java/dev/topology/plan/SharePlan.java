package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.model.SharedDirectory;
import dev.topology.plan.NodeSockets.HostSocket;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Virtiofsd.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one shared directory is served: by a process of its own, with which QEMU speaks over a socket
 * and shares the guest's memory (vhost-user, docs/interop/vhost-user.rst).
 *
 * @param directory what it is a plan of
 * @param tag by which the guest finds it
 * @param socket QEMU's end of the connection
 * @param command the program that serves it, and all its arguments; it inherits a listening socket
 *     as descriptor {@link Virtiofsd#SOCKET}
 * @param warning what the user should know of how it is served, if anything
 */
public record SharePlan(
    SharedDirectory directory,
    String tag,
    HostSocket socket,
    List<String> command,
    Optional<String> warning) {

  public SharePlan {
    command = List.copyOf(command);
  }

  /** Those of a node. */
  static List<SharePlan> of(Node node, NodeSockets sockets, Wiring wiring, HostFacts facts)
      throws PlanException {
    if (node.shares().isEmpty()) {
      return List.of();
    }
    Virtiofsd program =
        facts
            .sharing()
            .virtiofsd()
            .orElseThrow(
                () ->
                    new PlanException(
                        "node \"%s\" shares directories, which this host cannot do: %s"
                            .formatted(node.name(), facts.sharing().reason())));
    List<SharePlan> plans = new ArrayList<>();
    for (SharedDirectory directory : node.shares()) {
      if (!directory.writable() && !program.canBeReadOnly()) {
        throw new PlanException(
            ("node \"%s\" shares %s read-only, which this host cannot enforce: %s has no --readonly,"
                    + " and %s. `topology doctor` tells more.")
                .formatted(
                    node.name(), directory.hostPath(), program.path(), facts.sharing().reason()));
      }
      HostSocket socket = sockets.shares().get(plans.size());
      String tag = "share" + plans.size();
      List<String> command = program.command(directory, wiring.shareSocket(tag));
      plans.add(new SharePlan(directory, tag, socket, command, warning(program, directory, facts)));
    }
    return plans;
  }

  private static Optional<String> warning(
      Virtiofsd program, SharedDirectory directory, HostFacts facts) {
    return program.isolation() == Isolation.NONE
        ? Optional.of(
            "nothing but its own code keeps the virtiofsd that shares %s to that directory: %s"
                .formatted(directory.hostPath(), facts.sharing().reason()))
        : Optional.empty();
  }
}
