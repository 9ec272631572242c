package dev.topology.run.node;

import dev.topology.plan.guest.Greeting;
import dev.topology.plan.qemu.QmpCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The ports of the host that led to a node before it was restarted, which its next QEMU is to have
 * again: users who were told the number go on using it.
 *
 * <p>QEMU has the kernel choose a port where the file says {@code auto}. So the former one is added
 * to that, and only then is the chosen one given up: nothing is lost where another program has
 * taken the former port meanwhile.
 */
final class FormerHostPorts {

  private final List<HostPort> former;
  private final QmpClient qmp;
  private final Consumer<String> warnings;

  FormerHostPorts(List<HostPort> former, QmpClient qmp, Consumer<String> warnings) {
    this.former = former;
    this.qmp = qmp;
    this.warnings = warnings;
  }

  /**
   * Takes them again, those that can be had.
   *
   * @return all ports as they are then, in the same order
   */
  CompletableFuture<List<HostPort>> takeAgain(List<HostPort> chosen) {
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
