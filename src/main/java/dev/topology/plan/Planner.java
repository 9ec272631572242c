package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.guest.Greetings;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how a topology is brought up on a host.
 *
 * <p>Pure: the same topology, facts and options give an equal plan, to the byte. Takes time and
 * space in proportion to the topology.
 */
public final class Planner {

  private final Topology topology;
  private final HostFacts facts;
  private final PlanOptions options;
  private final CableIndex cables;
  private final CableSockets cableSockets;
  private final Greetings greetings;
  private final ReadyRule ready;

  private Planner(Topology topology, HostFacts facts, PlanOptions options) {
    this.topology = topology;
    this.facts = facts;
    this.options = options;
    this.cables = new CableIndex(topology);
    this.cableSockets = new CableSockets(topology.cables());
    this.greetings = new Greetings(topology);
    this.ready = new ReadyRule(topology.nodes().size());
  }

  /**
   * The plan of a topology.
   *
   * @throws PlanException if this host cannot run it: it asks for KVM where no guest was proven to
   *     run on it, or for an image that is not there
   */
  public static LaunchPlan plan(Topology topology, HostFacts facts, PlanOptions options)
      throws PlanException {
    return new Planner(topology, facts, options).plan();
  }

  /**
   * How one node of a topology is booted alone, by a shell.
   *
   * @param node of the topology
   * @throws PlanException if this host cannot run that node
   */
  public static StandalonePlan standalone(
      Topology topology, HostFacts facts, PlanOptions options, Node node) throws PlanException {
    NodePlan plan = new Planner(topology, facts, options).node(node, new StandaloneWiring());
    return new StandalonePlan(topology.name(), facts.qemu(), plan);
  }

  private LaunchPlan plan() throws PlanException {
    List<NodePlan> nodes = new ArrayList<>();
    List<SocketPlan> sockets = new ArrayList<>();
    for (Node node : topology.nodes()) {
      InheritedWiring wiring = new InheritedWiring(node, cableSockets);
      nodes.add(node(node, wiring));
      sockets.addAll(wiring.sockets());
    }
    sockets.addAll(cableSockets.sockets());
    return new LaunchPlan(topology, facts.qemu(), options.runDirectory(), sockets, nodes);
  }

  private NodePlan node(Node node, Wiring wiring) throws PlanException {
    Accelerator accelerator = Acceleration.of(node, facts.kvm());
    Boot boot = Boot.of(node, facts, options);
    ServiceRoutes services = wiring.services(node, boot);
    return new NodePlan(
        node,
        accelerator,
        new NodeArguments(node, cables.endsOf(node.name()), wiring, options.kernelLogApart())
            .list(topology.name(), boot, accelerator, facts, services.forwarded()),
        Confinement.of(node, boot, accelerator, services, facts, options),
        boot.overlay(),
        greetings.of(node, services.relayed()),
        services.relayed(),
        ready.of(node, boot, accelerator),
        options.consoleLog(node.name()),
        options.kernelLog(node.name()));
  }
}
