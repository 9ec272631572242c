package dev.topology.control;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a node is.
 *
 * @param name of the node
 * @param state {@code starting}, {@code waiting} (for another node), {@code booting}, {@code
 *     ready}, {@code paused}, {@code done}, {@code failed} or {@code stopped}
 * @param uptimeMillis how long its guest has run, if it has
 * @param memoryBytes what its QEMU has of the host's memory (resident), while it runs
 * @param cpuMillis the CPU time of all threads of its QEMU since that was spawned, while it runs
 * @param outside whether its guest reaches more of the host than its ports and services, if it has
 *     a host network
 * @param hostPorts ports of the host that lead into it
 * @param consoleLog the file with all of its console
 */
public record NodeStatus(
    String name,
    String state,
    Optional<Long> uptimeMillis,
    Optional<Long> memoryBytes,
    Optional<Long> cpuMillis,
    Optional<Boolean> outside,
    List<Port> hostPorts,
    String consoleLog) {

  public NodeStatus {
    hostPorts = List.copyOf(hostPorts);
  }

  /**
   * A port of the host.
   *
   * @param protocol {@code tcp} or {@code udp}
   * @param guestPort where it leads
   * @param hostAddress what it is bound to
   */
  public record Port(String protocol, int guestPort, String hostAddress, int hostPort) {}

  /** How long its guest has run, if it has. */
  public Optional<Duration> uptime() {
    return uptimeMillis.map(Duration::ofMillis);
  }

  /** The CPU time of its QEMU, while it runs. */
  public Optional<Duration> cpu() {
    return cpuMillis.map(Duration::ofMillis);
  }
}
