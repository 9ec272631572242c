package dev.topology.cli.report;

import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.run.RunEvent;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells what a run without any more events is waiting for. Not thread-safe. */
public final class AwaitedTasks {

  private final Topology topology;
  private final List<String> tasks;
  private final Set<String> unready = new LinkedHashSet<>();
  private final Set<String> done = new HashSet<>();

  AwaitedTasks(Topology topology) {
    this.topology = topology;
    this.tasks = TopologyOutcome.Done.tasks(topology);
    topology.nodes().forEach(node -> unready.add(node.name()));
  }

  void note(RunEvent event) {
    if (event instanceof RunEvent.NodeReady ready) {
      unready.remove(ready.node());
    } else if (event instanceof RunEvent.NodeEnded ended
        && ended.outcome() instanceof NodeOutcome.Done) {
      unready.remove(ended.node());
      done.add(ended.node());
    } else if (event instanceof RunEvent.NodeRestarted restarted) {
      unready.add(restarted.node());
      done.remove(restarted.node());
    }
  }

  /** What the run waits for, if every node is up and waiting may be a mistake of the user. */
  Optional<String> describe() {
    if (!unready.isEmpty()) {
      return Optional.empty();
    }
    List<String> left = tasks.stream().filter(name -> !done.contains(name)).toList();
    if (left.isEmpty() || !hasCommand(left.get(0))) {
      return Optional.of("every node is ready, and runs until it is stopped");
    }
    return done.stream().anyMatch(tasks::contains)
        ? Optional.of(
            "waiting for "
                + left.stream().limit(5).collect(Collectors.joining(", "))
                + (left.size() > 5 ? " and " + (left.size() - 5) + " more" : "")
                + ", whose command has not ended. Is it a service? Then say \"on_exit: fail\"")
        : Optional.empty();
  }

  private boolean hasCommand(String name) {
    return topology.node(name).flatMap(Node::command).isPresent();
  }
}
