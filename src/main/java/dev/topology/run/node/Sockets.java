package dev.topology.run.node;

import dev.topology.plan.SocketPlan;
import dev.topology.plan.SocketPlan.End;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.posix.DatagramEnd;
import dev.topology.posix.Descriptor;
import dev.topology.posix.Reasons;
import dev.topology.posix.SocketPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Every socketpair of a plan, and who is still to get which end.
 *
 * <p>An end is taken once. What was given to a child is closed here right after its spawn, for a
 * copy kept by accident would hide the end of file from the peer. The ends of cables are kept to
 * the end of the run all the same, so that a QEMU that follows on another gets the same cables:
 * datagram sockets have no end of file to hide, and an end that no QEMU has drops what comes, as it
 * would if it were closed. Closing closes all that nobody took.
 */
public final class Sockets implements AutoCloseable {

  /** A descriptor on its way to a child, and its number there. */
  record Inherited(Descriptor descriptor, int number, boolean isCable) {}

  private final List<SocketPlan> plans;
  private final Map<SocketPlan, Descriptor> hostEnds = new LinkedHashMap<>();
  private final Map<String, List<Inherited>> childEnds = new HashMap<>();

  private Sockets(List<SocketPlan> plans) {
    this.plans = plans;
  }

  /**
   * Makes them all, or none.
   *
   * @throws LaunchException where descriptors run out
   */
  public static Sockets of(List<SocketPlan> plans) {
    Sockets sockets = new Sockets(plans);
    try {
      for (SocketPlan plan : plans) {
        sockets.add(plan);
      }
      return sockets;
    } catch (IOException e) {
      sockets.close();
      throw new LaunchException(
          "cannot make " + plans.size() + " socketpairs: " + Reasons.of(e),
          "allow more open files (ulimit -n), or run fewer nodes",
          e);
    }
  }

  private void add(SocketPlan socket) throws IOException {
    SocketPair pair =
        switch (socket.purpose().type()) {
          case STREAM -> SocketPair.stream();
          case BUFFERED -> SocketPair.bufferedStream();
          case DATAGRAM -> SocketPair.datagram();
        };
    assign(socket, socket.ends().get(0), pair.near());
    assign(socket, socket.ends().get(1), pair.far());
  }

  private void assign(SocketPlan socket, End end, Descriptor descriptor) {
    if (end instanceof End.Child child) {
      childEnds
          .computeIfAbsent(child.node(), node -> new ArrayList<>())
          .add(new Inherited(descriptor, child.number(), socket.purpose().isCable()));
    } else {
      hostEnds.put(socket, descriptor);
    }
  }

  /** The host's end of what runs for that purpose to that node, now the caller's to close. */
  public Descriptor takeHostEnd(String node, Purpose purpose) {
    SocketPlan socket =
        hostEnds.keySet().stream()
            .filter(candidate -> candidate.purpose() == purpose && leadsTo(candidate, node))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no end left: " + node + " " + purpose));
    return Objects.requireNonNull(hostEnds.remove(socket));
  }

  /** The host's end of the socketpair of that name, now the caller's to close. */
  public Descriptor takeHostEnd(String name) {
    SocketPlan socket =
        hostEnds.keySet().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no end left: " + name));
    return Objects.requireNonNull(hostEnds.remove(socket));
  }

  /** The host's ends of everything else that leads to that node, now the caller's to close. */
  List<Descriptor> takeOtherHostEnds(String node) {
    List<SocketPlan> others =
        hostEnds.keySet().stream().filter(candidate -> leadsTo(candidate, node)).toList();
    return others.stream().map(other -> Objects.requireNonNull(hostEnds.remove(other))).toList();
  }

  private static boolean leadsTo(SocketPlan socket, String node) {
    return socket.ends().stream()
        .anyMatch(end -> end instanceof End.Child child && child.node().equals(node));
  }

  /** What a node's QEMU is to inherit. */
  List<Inherited> endsFor(String node) {
    return List.copyOf(childEnds.getOrDefault(node, List.of()));
  }

  /** Closes this process's copies of what a node's QEMU has inherited, but for its cables. */
  void handedTo(String node) {
    List<Inherited> given = childEnds.getOrDefault(node, List.of());
    given.stream().filter(end -> !end.isCable()).forEach(end -> end.descriptor().close());
    childEnds.put(node, given.stream().filter(Inherited::isCable).toList());
  }

  /** A node's QEMU has gone: what comes to it over its cables goes nowhere until the next one. */
  public void unplugged(String node) throws IOException {
    for (Inherited cable : endsFor(node)) {
      new DatagramEnd(cable.descriptor()).dropAll();
    }
  }

  /**
   * Makes everything anew that leads to a node from the host, for another QEMU on the same cables.
   *
   * @throws LaunchException where descriptors run out
   */
  public void renew(String node) {
    List<Inherited> cables = endsFor(node).stream().filter(Inherited::isCable).toList();
    childEnds.put(node, new ArrayList<>(cables));
    try {
      for (Inherited cable : cables) {
        new DatagramEnd(cable.descriptor()).keepAll();
      }
      for (SocketPlan plan : plans) {
        if (!plan.purpose().isCable() && leadsTo(plan, node)) {
          add(plan);
        }
      }
    } catch (IOException e) {
      giveUp(node, e);
      throw new LaunchException(
          "cannot make the sockets of " + node + " anew: " + Reasons.of(e),
          "allow more open files (ulimit -n), or run fewer nodes",
          e);
    }
  }

  /** Closes what was made for a QEMU that is not to be; its cables drop what comes, as before. */
  private void giveUp(String node, IOException reason) {
    handedTo(node);
    List<SocketPlan> made =
        hostEnds.keySet().stream()
            .filter(plan -> !plan.purpose().isCable() && leadsTo(plan, node))
            .toList();
    made.forEach(plan -> Objects.requireNonNull(hostEnds.remove(plan)).close());
    try {
      unplugged(node);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    hostEnds.values().forEach(Descriptor::close);
    hostEnds.clear();
    childEnds.values().forEach(ends -> ends.forEach(end -> end.descriptor().close()));
    childEnds.clear();
  }
}
