package dev.topology.plan;

import dev.topology.model.CableEnd;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.QemuBinary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that bringing a topology up does, decided beforehand.
 *
 * @param topology what it is a plan of
 * @param runDirectory absolute; where console logs and overlaid initramfs files go
 * @param nodes one for each node of the topology, in its order
 * @param cables one for each cable of the topology, in its order
 * @param saved the run that it goes on from, if any
 * @param isPart whether other machines run other parts of the same: it is then not over before it
 *     is stopped, or a node fails
 */
public record LaunchPlan(
    Topology topology,
    Path runDirectory,
    List<NodePlan> nodes,
    List<CablePlan> cables,
    Optional<SavedRun> saved,
    boolean isPart) {

  public LaunchPlan {
    nodes = List.copyOf(nodes);
    cables = List.copyOf(cables);
  }

  /** The same plan, for a part of what runs. */
  public LaunchPlan asPart() {
    return new LaunchPlan(topology, runDirectory, nodes, cables, saved, true);
  }

  /**
   * The directory of the named pipes through which QEMUs hand over captured frames, in a run
   * directory.
   */
  public static Path pipes(Path runDirectory) {
    return runDirectory.resolve("pipes");
  }

  /** The binaries that its nodes run: one for each architecture, in the order of the nodes. */
  public List<QemuBinary> qemus() {
    return nodes.stream().map(NodePlan::qemu).distinct().toList();
  }

  /** Every socketpair to make: those of the nodes, then those of the cables. */
  public Stream<SocketPlan> sockets() {
    return Stream.concat(
        nodes.stream().flatMap(node -> node.sockets().listed(node.name()).stream()),
        cables.stream().flatMap(cable -> cable.listed().stream()));
  }

  /** Those of which a node's QEMU has an end, in the same order. */
  public Stream<SocketPlan> socketsOf(NodePlan node) {
    return Stream.concat(
        node.sockets().listed(node.name()).stream(),
        cables.stream()
            .flatMap(cable -> cable.listed().stream())
            .filter(socket -> socket.isOf(node.name())));
  }

  /**
   * A socketpair to make before any child is spawned, as a plan lists it. Made from {@link
   * NodeSockets} and {@link CablePlan}, which own it.
   *
   * @param name unique in the plan: {@code left.console}, {@code left:eth1--right:eth1}
   * @param purpose what runs over it
   * @param ends who gets the two ends: for a cable two children or switches, else a child and the
   *     host
   */
  public record SocketPlan(String name, Purpose purpose, List<End> ends) {

    public SocketPlan {
      ends = List.copyOf(ends);
      if (ends.size() != 2) {
        throw new IllegalArgumentException("a socketpair has two ends: " + name);
      }
    }

    /** Whether a node's QEMU has an end of it. */
    boolean isOf(String node) {
      return ends.stream()
          .anyMatch(end -> end instanceof End.Child child && child.node().equals(node));
    }

    /** What runs over a socketpair, which settles its type. */
    public enum Purpose {
      /** QEMU's monitor. */
      QMP(Type.STREAM),
      /** The guest's console. */
      CONSOLE(Type.BUFFERED),
      /** The guest's kernel log, where it is kept apart from the console. */
      KERNEL_LOG(Type.BUFFERED),
      /** What the guest's kernel says before the driver of its console is loaded. */
      BOOT(Type.STREAM),
      /** What a clone goes on from. */
      STATE(Type.STREAM),
      /** {@code topology.control}. */
      CONTROL(Type.STREAM),
      /** {@code topology.shell}, where commands are run apart from the console. */
      SHELL(Type.STREAM),
      /** {@code org.qemu.guest_agent.0}. */
      AGENT(Type.STREAM),
      /** One of the node's own {@code channels}. */
      CHANNEL(Type.STREAM),
      /** From QEMU to the program that serves one of the node's shares. */
      SHARE(Type.STREAM),
      /** Between children and switches; both ends may be one child's. */
      CABLE(Type.DATAGRAM),
      /** From one end of a cable to the shaper in its middle. */
      SHAPED_CABLE(Type.DATAGRAM),
      /** From the shaper of a cable out of the topology: a tap, or a UDP socket. No pair. */
      OUTSIDE(Type.DATAGRAM);

      private final Type type;

      Purpose(Type type) {
        this.type = type;
      }

      /** The type of socket. */
      public Type type() {
        return type;
      }
    }

    /** The type of a socket; see socket(2). */
    public enum Type {
      /** SOCK_STREAM: bytes. */
      STREAM,
      /** Bytes, megabytes of which are held: QEMU drops what a console's socket does not take. */
      BUFFERED,
      /** SOCK_DGRAM: one Ethernet frame a datagram, so that nothing can get out of step. */
      DATAGRAM
    }

    /** Who holds one end of a socketpair. */
    public sealed interface End {

      /** The process that brings the topology up keeps it. */
      record Host() implements End {}

      /** Likewise, for a switch. */
      record AtSwitch(String name) implements End {}

      /** Something outside the topology, where a cable leads. */
      record Outside(CableEnd.Outside what) implements End {}

      /** The program that serves a shared directory accepts the connection. */
      record Virtiofsd() implements End {}

      /**
       * A QEMU inherits it.
       *
       * @param node whose QEMU
       * @param number the descriptor's number in the child
       */
      record Child(String node, int number) implements End {}
    }
  }
}
