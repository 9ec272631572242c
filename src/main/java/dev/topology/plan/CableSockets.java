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

  /** One socketpair for each cable, in order, once every node has been planned. */
  List<SocketPlan> sockets() {
    List<SocketPlan> sockets = new ArrayList<>();
    for (int i = 0; i < cables.size(); i++) {
      sockets.add(
          new SocketPlan(cables.get(i).name(), Purpose.CABLE, List.of(lefts[i], rights[i])));
    }
    return sockets;
  }
}
