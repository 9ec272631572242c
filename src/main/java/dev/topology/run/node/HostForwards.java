package dev.topology.run.node;

import dev.topology.model.PortForward;
import dev.topology.plan.NodePlan;
import dev.topology.plan.guest.Greeting;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.UserNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The ports of the host that one QEMU forwards to its guest, as QEMU lists them.
 *
 * <p>After a restart they are to be the same as before: users who were told the number go on using
 * it. QEMU has the kernel choose a port where the file says {@code auto}. So the former one is
 * added to that, and only then is the chosen one removed: nothing is lost where another program has
 * taken the former port meanwhile.
 */
final class HostForwards {

  private final NodePlan node;
  private final QmpClient qmp;
  private final RelayedPorts relayed;
  private final List<HostPort> former;
  private final Consumer<String> warnings;

  /**
   * @param former those of the node's last QEMU; none for its first
   */
  HostForwards(NodePlan node, NodePorts ports, List<HostPort> former, Consumer<String> warnings) {
    this.node = node;
    this.qmp = ports.qmp();
    this.relayed = ports.relayed();
    this.former = former;
    this.warnings = warnings;
  }

  /** Asks QEMU for them and takes the former ones again where possible. */
  CompletableFuture<List<HostPort>> take() {
    return userNetwork().thenCompose(network -> takeAgain(hostPorts(network)));
  }

  /** The state of the host network; empty where the node has none. */
  CompletableFuture<UserNetwork> userNetwork() {
    return node.node().hostNetwork().isPresent()
        ? qmp.execute(QmpCommand.userNetwork())
            .thenApply(answer -> UserNetwork.parse(answer.text()))
        : CompletableFuture.completedFuture(new UserNetwork(List.of()));
  }

  private List<HostPort> hostPorts(UserNetwork network) {
    return node.node().ports().stream().map(forward -> hostPort(network, forward)).toList();
  }

  private HostPort hostPort(UserNetwork network, PortForward forward) {
    int port =
        network
            .hostPort(forward.inQemu())
            .orElseThrow(() -> new IllegalStateException("QEMU does not list " + forward));
    return forward.isRelayed()
        ? relayed.relayTo(forward, port)
        : new HostPort(
            node.name(), forward.protocol(), forward.guestPort(), forward.hostAddress(), port);
  }

  private CompletableFuture<List<HostPort>> takeAgain(List<HostPort> chosen) {
    CompletableFuture<List<HostPort>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (HostPort port : chosen) {
      all =
          all.thenCombine(
              takeAgain(port),
              (ports, taken) -> {
                ports.add(taken);
                return ports;
              });
    }
    return all;
  }

  private CompletableFuture<HostPort> takeAgain(HostPort chosen) {
    Optional<HostPort> wanted =
        former.stream()
            .filter(port -> port.leadsTo(chosen.guestPort(), chosen.protocol()))
            .filter(port -> port.hostAddress().equals(chosen.hostAddress()))
            .filter(port -> port.hostPort() != chosen.hostPort())
            .findFirst();
    return wanted
        .map(port -> exchange(chosen, port))
        .orElseGet(() -> CompletableFuture.completedFuture(chosen));
  }

  /** QEMU answers with nothing if it has done it, and with what is wrong if it has not. */
  private CompletableFuture<HostPort> exchange(HostPort chosen, HostPort wanted) {
    String rule = hostEnd(wanted) + "-:" + wanted.guestPort();
    return qmp.execute(QmpCommand.addForward(Greeting.HOST_INTERFACE, rule))
        .thenCompose(
            answer -> answer.text().isBlank() ? giveUp(chosen, wanted) : keep(chosen, wanted));
  }

  private CompletableFuture<HostPort> giveUp(HostPort chosen, HostPort wanted) {
    return qmp.execute(QmpCommand.removeForward(Greeting.HOST_INTERFACE, hostEnd(chosen)))
        .thenApply(answer -> wanted);
  }

  private CompletableFuture<HostPort> keep(HostPort chosen, HostPort wanted) {
    warnings.accept(
        "host port "
            + wanted.hostPort()
            + "/"
            + wanted.protocol()
            + " was taken while it was down; port "
            + wanted.guestPort()
            + " of the guest is now host port "
            + chosen.hostPort());
    return CompletableFuture.completedFuture(chosen);
  }

  private static String hostEnd(HostPort port) {
    return port.protocol() + ":" + port.hostAddress() + ":" + port.hostPort();
  }
}
