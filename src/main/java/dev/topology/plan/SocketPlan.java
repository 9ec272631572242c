package dev.topology.plan;

import java.util.List;

/**
 * A socketpair to make before any child is spawned, as a plan lists it. Made from {@link
 * NodeSockets} and {@link CablePlan}, which own it.
 *
 * @param name unique in the plan: {@code left.console}, {@code left:eth1--right:eth1}
 * @param purpose what runs over it
 * @param ends who gets the two ends: for a cable two children, else a child and the host
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
    /** {@code topology.control}. */
    CONTROL(Type.STREAM),
    /** {@code topology.shell}, where commands are run apart from the console. */
    SHELL(Type.STREAM),
    /** {@code org.qemu.guest_agent.0}. */
    AGENT(Type.STREAM),
    /** One of the node's own {@code channels}. */
    CHANNEL(Type.STREAM),
    /** Two children's, or one child's both ends. */
    CABLE(Type.DATAGRAM),
    /** From one end of a cable to the shaper in its middle. */
    SHAPED_CABLE(Type.DATAGRAM);

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

    /**
     * A QEMU inherits it.
     *
     * @param node whose QEMU
     * @param number the descriptor's number in the child
     */
    record Child(String node, int number) implements End {}
  }
}
