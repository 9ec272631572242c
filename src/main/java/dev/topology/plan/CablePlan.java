package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.plan.SocketPlan.End;
import dev.topology.plan.SocketPlan.Purpose;
import java.util.List;

/**
 * How a cable is plugged in: by one socketpair from QEMU to QEMU, or by one from either QEMU to the
 * shaper in its middle, which is in this program.
 *
 * @param cable what it is a plan of
 * @param leftNumber of the descriptor under which the QEMU at its left end inherits that end
 * @param rightNumber likewise, of its right end
 */
public record CablePlan(Cable cable, int leftNumber, int rightNumber) {

  /** The name of the socketpair between an end of a shaped cable and its middle. */
  private String nameOfEnd(Endpoint end) {
    return cable.name() + " at " + end;
  }

  /** Its socketpairs as a plan lists them. */
  List<SocketPlan> listed() {
    End left = new End.Child(cable.left().node(), leftNumber);
    End right = new End.Child(cable.right().node(), rightNumber);
    return cable.shaper().isEmpty()
        ? List.of(new SocketPlan(cable.name(), Purpose.CABLE, List.of(left, right)))
        : List.of(
            new SocketPlan(
                nameOfEnd(cable.left()), Purpose.SHAPED_CABLE, List.of(left, new End.Host())),
            new SocketPlan(
                nameOfEnd(cable.right()), Purpose.SHAPED_CABLE, List.of(new End.Host(), right)));
  }
}
