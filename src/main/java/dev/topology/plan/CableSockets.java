package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.plan.SocketPlan.End;
import dev.topology.plan.SocketPlan.Purpose;
import java.util.ArrayList;
import java.util.List;

/** The socketpairs of a topology's cables, whose ends become known node by node. */
final class CableSockets {

  private final List<Cable> cables;
  private final End[] lefts;
  private final End[] rights;

  CableSockets(List<Cable> cables) {
    this.cables = cables;
    this.lefts = new End[cables.size()];
    this.rights = new End[cables.size()];
  }

  void plug(CableEnd end, End.Child child) {
    (end.isLeft() ? lefts : rights)[end.number()] = child;
  }

  /** The socketpairs of each cable, in order, once every node has been planned. */
  List<SocketPlan> sockets() {
    List<SocketPlan> sockets = new ArrayList<>();
    for (int i = 0; i < cables.size(); i++) {
      sockets.addAll(sockets(cables.get(i), lefts[i], rights[i]));
    }
    return sockets;
  }

  /** One from end to end; or one from either end to the host, where a shaper is in the middle. */
  private static List<SocketPlan> sockets(Cable cable, End left, End right) {
    return cable.shaper().isEmpty()
        ? List.of(new SocketPlan(cable.name(), Purpose.CABLE, List.of(left, right)))
        : List.of(
            new SocketPlan(
                SocketPlan.nameOfEnd(cable, cable.left()),
                Purpose.SHAPED_CABLE,
                List.of(left, new End.Host())),
            new SocketPlan(
                SocketPlan.nameOfEnd(cable, cable.right()),
                Purpose.SHAPED_CABLE,
                List.of(new End.Host(), right)));
  }
}
