package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.model.Node;
import dev.topology.model.Switch;
import dev.topology.plan.PlanChange.NodeEnds;
import dev.topology.plan.PlanChange.NodeRestarts;
import dev.topology.plan.PlanChange.NodeRunsOn;
import dev.topology.plan.PlanChange.NodeStarts;
import dev.topology.plan.PlanChange.SwitchEnds;
import dev.topology.plan.PlanChange.SwitchStarts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has to be done to a run so that it carries out another plan, with as little as possible done
 * to what runs.
 *
 * <p>What a node really gets is compared: the arguments of its QEMU, what its guest is told of the
 * node itself, the files that it has, by name and by content. So comments, or another order of the
 * nodes, change nothing, and neither does it restart a node that another one is new, though the
 * names and addresses that a guest knows of others are those of its own start. What commands did to
 * a part (cut, shaped, stopped, paused) stays as long as the two plans agree about it.
 *
 * <p>A cable stays if its ends are the same interfaces, whatever is between them. A QEMU is given
 * its cables when it starts: a new one restarts the nodes at its ends.
 *
 * @param changes nodes that end, other nodes in the order of the new plan, then switches and cables
 * @param kept the cables that stay: their names in the new plan, and in the old one
 */
public record PlanComparison(List<PlanChange> changes, Map<String, String> kept) {

  /** What there is to be done where nothing runs yet: all of the plan is made. */
  public static final PlanComparison FROM_NOTHING = new PlanComparison(List.of(), Map.of());

  public PlanComparison {
    changes = List.copyOf(changes);
    kept = Map.copyOf(kept);
  }

  /**
   * How a node of the old plan is.
   *
   * @param isRunning whether it has not ended
   * @param isReady whether it is ready, or was
   * @param couldNotStart whether its last start failed, so that it is to be tried again
   * @param changedFiles its sources whose content is not that of its start any more
   */
  public record Standing(
      boolean isRunning, boolean isReady, boolean couldNotStart, List<Path> changedFiles) {

    /** A node that is ready, and whose files are what they were. */
    public static final Standing READY = new Standing(true, true, false, List.of());

    public Standing {
      changedFiles = List.copyOf(changedFiles);
    }
  }

  /**
   * Compares two plans.
   *
   * @param standings how each node of the old plan is, by its name
   */
  public static PlanComparison of(LaunchPlan from, LaunchPlan to, Map<String, Standing> standings) {
    return new Comparing(from, to, standings).compare();
  }

  /** Whether there is nothing to be done. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** The changes of one kind. */
  public <T extends PlanChange> Stream<T> each(Class<T> kind) {
    return changes.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** The nodes that restart or start. */
  public Set<String> started() {
    return Stream.concat(each(NodeRestarts.class), each(NodeStarts.class))
        .map(PlanChange.OfNode::node)
        .collect(Collectors.toSet());
  }

  /** The cables of the new plan that have to be made: those that do not stay. */
  public boolean isMade(Cable cable) {
    return !kept.containsKey(cable.name());
  }

  private static final class Comparing {

    private static final String READY = "ready";

    /** What the guest is given, by the keys of the file. */
    private static final Map<String, Function<Node, Object>> GIVEN = new LinkedHashMap<>();

    /** What only this program goes by. */
    private static final Map<String, Function<Node, Object>> RULES = new LinkedHashMap<>();

    static {
      GIVEN.put("image", it -> List.of(it.boot().image(), it.boot().container()));
      GIVEN.put("kernel", it -> it.boot().kernel());
      GIVEN.put("initramfs", it -> it.boot().initramfs());
      GIVEN.put("cmdline", it -> it.boot().cmdline());
      GIVEN.put("machine", Node::pc);
      GIVEN.put("memory", Node::memory);
      GIVEN.put("cpus", Node::cpus);
      GIVEN.put("host_network", Node::hostNetwork);
      GIVEN.put("ports", Node::ports);
      GIVEN.put("services", Node::services);
      GIVEN.put("arch", Node::architecture);
      GIVEN.put("channels", Node::channels);
      GIVEN.put("files", Node::files);
      GIVEN.put("shares", Node::shares);
      GIVEN.put("disks", Node::disks);
      GIVEN.put("command", Node::command);
      GIVEN.put("exec", Node::exec);
      GIVEN.put("env", Node::environment);
      GIVEN.put("routes", Node::routes);
      GIVEN.put("forward", Node::forwarding);
      GIVEN.put("modules", Node::modules);
      GIVEN.put("sysctls", Node::sysctls);
      GIVEN.put("qemu_args", Node::qemuArgs);
      RULES.put(READY, Node::readiness);
      RULES.put("depends_on", Node::dependsOn);
      RULES.put("on_exit", Node::onExit);
    }

    private final LaunchPlan from;
    private final LaunchPlan to;
    private final Map<String, Standing> standings;
    private final Map<String, NodePlan> formerNodes;
    private final CableComparison cables;

    Comparing(LaunchPlan from, LaunchPlan to, Map<String, Standing> standings) {
      this.from = from;
      this.to = to;
      this.standings = standings;
      this.formerNodes =
          from.nodes().stream().collect(Collectors.toMap(NodePlan::name, Function.identity()));
      this.cables = CableComparison.of(from.topology().cables(), to.topology().cables());
    }

    PlanComparison compare() {
      List<PlanChange> changes = new ArrayList<>();
      Set<String> names = to.nodes().stream().map(NodePlan::name).collect(Collectors.toSet());
      from.nodes().stream()
          .map(NodePlan::name)
          .filter(name -> !names.contains(name))
          .forEach(name -> changes.add(new NodeEnds(name)));
      for (NodePlan node : to.nodes()) {
        ofNode(node).ifPresent(changes::add);
      }
      Set<String> before = switches(from);
      Set<String> now = switches(to);
      before.stream().filter(it -> !now.contains(it)).map(SwitchEnds::new).forEach(changes::add);
      now.stream().filter(it -> !before.contains(it)).map(SwitchStarts::new).forEach(changes::add);
      changes.addAll(cables.changes());
      return new PlanComparison(changes, cables.kept());
    }

    private static Set<String> switches(LaunchPlan plan) {
      return plan.topology().switches().stream()
          .map(Switch::name)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Optional<PlanChange> ofNode(NodePlan node) {
      NodePlan former = formerNodes.get(node.name());
      if (former == null) {
        return Optional.of(new NodeStarts(node.name(), List.of("new")));
      }
      Standing standing = standings.getOrDefault(node.name(), Standing.READY);
      List<String> reasons = reasons(former, node, standing);
      if (reasons.isEmpty()) {
        List<String> rules = changed(RULES, former.node(), node.node());
        return rules.isEmpty() ? Optional.empty() : Optional.of(new NodeRunsOn(node.name(), rules));
      }
      return Optional.of(
          standing.isRunning()
              ? new NodeRestarts(node.name(), reasons, cables.plugsInto(node.name()))
              : new NodeStarts(node.name(), reasons));
    }

    private List<String> reasons(NodePlan former, NodePlan node, Standing standing) {
      List<String> reasons = new ArrayList<>();
      if (standing.couldNotStart()) {
        reasons.add("it could not be started before");
      }
      List<String> keys = changed(GIVEN, former.node(), node.node());
      if (!keys.isEmpty()) {
        reasons.add("changed: " + String.join(", ", keys));
      }
      if (standing.isRunning()
          && !standing.isReady()
          && changed(RULES, former.node(), node.node()).contains(READY)) {
        reasons.add("changed: ready, for which it still waits");
      }
      standing.changedFiles().forEach(file -> reasons.add(file + " has changed"));
      reasons.addAll(cables.reasons(node.name()));
      if (keys.isEmpty() && !former.qemu().equals(node.qemu())) {
        reasons.add("QEMU is " + node.qemu().version() + " now");
      }
      if (reasons.isEmpty() && former.accelerator() != node.accelerator()) {
        reasons.add("it runs with " + node.accelerator() + " now");
      }
      if (reasons.isEmpty() && !isSame(former, node)) {
        reasons.add(
            order(from, node.name()).equals(order(to, node.name()))
                ? "this host gives it something else now"
                : "its cables are in another order");
      }
      return reasons;
    }

    private static List<String> changed(
        Map<String, Function<Node, Object>> keys, Node former, Node node) {
      return keys.entrySet().stream()
          .filter(it -> !same(it.getValue().apply(former), it.getValue().apply(node)))
          .map(Map.Entry::getKey)
          .toList();
    }

    /** A pattern, as of a console to wait for, is not equal to the same one. */
    private static boolean same(Object one, Object other) {
      return one.equals(other) || one.toString().equals(other.toString());
    }

    /**
     * Whether it was booted or cloned makes no difference, now that it runs. What its files are was
     * compared.
     */
    private static boolean isSame(NodePlan former, NodePlan node) {
      return (former.start().getClass() != node.start().getClass()
              || (former.arguments().equals(node.arguments())
                  && former.confinement().equals(node.confinement())
                  && former.overlay().equals(node.overlay())))
          && former.disks().equals(node.disks())
          && former.shares().equals(node.shares())
          && former.services().equals(node.services())
          && former.identity().ownLines().equals(node.identity().ownLines());
    }

    /** The interfaces of a node, as its QEMU gets them. */
    private static List<String> order(LaunchPlan plan, String node) {
      return plan.topology().cables().stream()
          .flatMap(cable -> cable.endpoints().stream())
          .filter(end -> end.node().equals(node))
          .map(Endpoint::interfaceName)
          .toList();
    }
  }
}
