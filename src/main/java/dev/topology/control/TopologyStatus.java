package dev.topology.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.run.cable.CableCounters.DirectionCounters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a running topology is.
 *
 * @param name of the running topology
 * @param pid of the process that runs it
 * @param since when that began to
 * @param file the topology's; absolute
 * @param state {@code starting}, {@code ready} (every node has been) or {@code ending}
 * @param nodes in the order of the file
 * @param switches their names, in the order of the file
 * @param cables in the order of the file
 */
public record TopologyStatus(
    String name,
    long pid,
    Instant since,
    Path file,
    String state,
    List<NodeStatus> nodes,
    List<String> switches,
    List<CableStatus> cables) {

  public TopologyStatus {
    nodes = List.copyOf(nodes);
    switches = List.copyOf(switches);
    cables = List.copyOf(cables);
  }

  /** As it is on the wire. */
  public ObjectNode json() {
    return RecordJson.write(this);
  }

  /**
   * How a node is.
   *
   * @param name of the node
   * @param state {@code starting}, {@code waiting} (for another node), {@code booting}, {@code
   *     ready}, {@code paused}, {@code done}, {@code failed} or {@code stopped}
   * @param uptimeMillis how long its guest has run, if it has
   * @param memoryBytes what its QEMU has of the host's memory (resident), while it runs
   * @param cpuMillis the CPU time of all threads of its QEMU since that was spawned, while it runs
   * @param outside whether its guest reaches more of the host than its ports and services, if it
   *     has a host network
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

  /**
   * How a cable is.
   *
   * @param name of the cable
   * @param left one end: {@code left:eth1}, a switch {@code lan}, or what is outside the topology:
   *     {@code host/tap0}, {@code udp/192.0.2.7:5001}; only that has a "/" in it
   * @param right the other
   * @param state {@code cut} or {@code joined}
   * @param leftAddresses of the interface at that end, {@code 10.64.0.0/31}
   * @param rightAddresses of the interface at the other
   * @param shaping what its shaper does, {@code delay=20ms loss=1%}; nothing for a plain wire,
   *     where nobody counts frames either
   * @param leftToRight what came in at the left
   * @param rightToLeft what came in at the right
   */
  public record CableStatus(
      String name,
      String left,
      String right,
      String state,
      List<String> leftAddresses,
      List<String> rightAddresses,
      Optional<String> shaping,
      Optional<DirectionCounters> leftToRight,
      Optional<DirectionCounters> rightToLeft) {

    public CableStatus {
      leftAddresses = List.copyOf(leftAddresses);
      rightAddresses = List.copyOf(rightAddresses);
    }

    static String state(boolean isCut) {
      return isCut ? "cut" : "joined";
    }

    public boolean isCut() {
      return state.equals(state(true));
    }

    /** As it is on the wire. */
    public ObjectNode json() {
      return RecordJson.write(this);
    }
  }
}
