package dev.topology.run;

import dev.topology.plan.SocketPlan;
import dev.topology.plan.SocketPlan.End;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.posix.Descriptor;
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
 * copy kept by accident would hide the end of file from the peer. Closing closes all that nobody
 * took.
 */
final class Sockets implements AutoCloseable {

  /** A descriptor on its way to a child, and its number there. */
  record Inherited(Descriptor descriptor, int number) {}

  private final Map<SocketPlan, Descriptor> hostEnds = new LinkedHashMap<>();
  private final Map<String, List<Inherited>> childEnds = new HashMap<>();

  private Sockets() {}

  /**
   * Makes them all, or none.
   *
   * @throws LaunchException where descriptors run out
   */
  static Sockets of(List<SocketPlan> plans) {
    Sockets sockets = new Sockets();
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
          .add(new Inherited(descriptor, child.number()));
    } else {
      hostEnds.put(socket, descriptor);
    }
  }

  /** The host's end of what runs for that purpose to that node, now the caller's to close. */
  Descriptor takeHostEnd(String node, Purpose purpose) {
    SocketPlan socket =
        hostEnds.keySet().stream()
            .filter(candidate -> candidate.purpose() == purpose && leadsTo(candidate, node))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no end left: " + node + " " + purpose));
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

  /** Closes this process's copies of what a node's QEMU has inherited. */
  void handedTo(String node) {
    List<Inherited> given = childEnds.remove(node);
    if (given != null) {
      given.forEach(inherited -> inherited.descriptor().close());
    }
  }

  @Override
  public void close() {
    hostEnds.values().forEach(Descriptor::close);
    hostEnds.clear();
    List.copyOf(childEnds.keySet()).forEach(this::handedTo);
  }
}
