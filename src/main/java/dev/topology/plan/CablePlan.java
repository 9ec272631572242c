package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.CableEnd;
import dev.topology.model.CableEnd.Outside;
import dev.topology.model.Endpoint;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.LaunchPlan.SocketPlan.End;
import dev.topology.plan.LaunchPlan.SocketPlan.Purpose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a cable is plugged in: by one socketpair from end to end, or by one from either end to the
 * shaper in its middle, which is in this program, as switches are, and what leads out of the
 * topology.
 *
 * @param cable what it is a plan of
 * @param leftNumber of the descriptor under which the QEMU at its left end inherits that end; empty
 *     at a switch and outside
 * @param rightNumber likewise, of its right end
 */
public record CablePlan(Cable cable, OptionalInt leftNumber, OptionalInt rightNumber) {

  /** The name of the socketpair between an end of a shaped cable and its middle. */
  private String nameOfEnd(CableEnd end) {
    return cable.name() + " at " + end;
  }

  private static End end(CableEnd end, OptionalInt number) {
    if (end instanceof Outside outside) {
      return new End.Outside(outside);
    }
    return number.isPresent()
        ? new End.Child(end.owner(), number.getAsInt())
        : new End.AtSwitch(end.owner());
  }

  /** Its socketpairs, and what leads out, as a plan lists them. */
  List<SocketPlan> listed() {
    End left = end(cable.left(), leftNumber);
    End right = end(cable.right(), rightNumber);
    return cable.shaper().isEmpty()
        ? List.of(new SocketPlan(cable.name(), Purpose.CABLE, List.of(left, right)))
        : List.of(
            new SocketPlan(
                nameOfEnd(cable.left()), purpose(cable.left()), List.of(left, new End.Host())),
            new SocketPlan(
                nameOfEnd(cable.right()), purpose(cable.right()), List.of(new End.Host(), right)));
  }

  private static Purpose purpose(CableEnd end) {
    return end instanceof Outside ? Purpose.OUTSIDE : Purpose.SHAPED_CABLE;
  }

  /**
   * Which ends of cables are plugged into which node, in the order of the cables, and under which
   * number the node's QEMU inherits each.
   */
  static final class CableEnds {

    /**
     * One end of a cable at a node.
     *
     * @param endpoint where it is plugged in
     * @param hub a number that no other end has, from 0 on
     * @param number of the descriptor under which QEMU inherits it
     */
    record NumberedEnd(Endpoint endpoint, int hub, int number) {}

    private final Map<String, List<NumberedEnd>> byNode = new HashMap<>();
    private final List<CablePlan> plans = new ArrayList<>();

    CableEnds(Topology topology, Map<String, NodeSockets> sockets) {
      for (Cable cable : topology.cables()) {
        int hub = 2 * plans.size();
        OptionalInt left = plug(cable.left(), hub, sockets);
        OptionalInt right = plug(cable.right(), hub + 1, sockets);
        plans.add(new CablePlan(cable, left, right));
      }
    }

    private OptionalInt plug(CableEnd end, int hub, Map<String, NodeSockets> sockets) {
      if (!(end instanceof Endpoint endpoint)) {
        return OptionalInt.empty();
      }
      String node = endpoint.node();
      List<NumberedEnd> ends = byNode.computeIfAbsent(node, name -> new ArrayList<>());
      int number = Objects.requireNonNull(sockets.get(node)).firstCableNumber() + ends.size();
      ends.add(new NumberedEnd(endpoint, hub, number));
      return OptionalInt.of(number);
    }

    List<NumberedEnd> endsOf(String node) {
      return byNode.getOrDefault(node, List.of());
    }

    /** The plan of each cable, in the order of the file. */
    List<CablePlan> plans() {
      return plans;
    }
  }
}
