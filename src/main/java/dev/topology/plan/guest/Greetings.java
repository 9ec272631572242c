package dev.topology.plan.guest;

import dev.topology.model.GuestService;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import java.util.List;

/**
 * What the guests of one topology are told. Made once for a topology, in time that grows with its
 * size and not with its square. Immutable.
 */
public final class Greetings {

  private final PeerDirectory directory;
  private final List<InterfaceAddress> cableNetworks;

  public Greetings(Topology topology) {
    this.directory = new PeerDirectory(topology);
    this.cableNetworks = CableNetworks.of(topology);
  }

  /**
   * What the guest of a node of the topology is told.
   *
   * @param services those for which the agent in it listens
   */
  public Greeting of(Node node, List<GuestService> services) {
    return new Greeting(node, services, directory, cableNetworks);
  }
}
