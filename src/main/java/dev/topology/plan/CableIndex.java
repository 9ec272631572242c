package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which cable ends are plugged into which node, in the order of the cables. */
final class CableIndex {

  private final Map<String, List<CableEnd>> endsByNode = new HashMap<>();

  CableIndex(Topology topology) {
    int number = 0;
    for (Cable cable : topology.cables()) {
      enter(new CableEnd(cable, number, true));
      enter(new CableEnd(cable, number, false));
      number++;
    }
  }

  private void enter(CableEnd end) {
    endsByNode.computeIfAbsent(end.endpoint().node(), name -> new ArrayList<>()).add(end);
  }

  List<CableEnd> endsOf(String node) {
    return endsByNode.getOrDefault(node, List.of());
  }
}
