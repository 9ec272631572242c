package dev.topology.run;

import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
import dev.topology.model.Topology;
import java.util.List;
import java.util.function.Predicate;

/**
 * When a run is over in success: every task has ended in success.
 *
 * <p>A node with {@code on_exit: fail} is a service. Of the others, those with a {@code command}
 * are the tasks; where no node has one, all of them are. A topology of services alone has no task
 * and runs until it is stopped.
 *
 * <p>Of a node that is restarted only the current run counts: a task that had ended in success has
 * to do so again. One that was stopped has not ended in success, and keeps the run going until it
 * is restarted and does.
 */
public final class CompletionRule {

  private final List<String> tasks;

  public CompletionRule(Topology topology) {
    List<Node> candidates =
        topology.nodes().stream().filter(node -> node.onExit() == OnExit.DONE).toList();
    Predicate<Node> hasCommand = node -> node.command().isPresent();
    boolean anyCommand = candidates.stream().anyMatch(hasCommand);
    tasks =
        candidates.stream().filter(anyCommand ? hasCommand : node -> true).map(Node::name).toList();
  }

  /** The nodes that have to end in success, in the order of the file; none where all serve. */
  public List<String> tasks() {
    return tasks;
  }

  /** Whether all that was to be done is done. */
  boolean isReached(Predicate<String> isDone) {
    return !tasks.isEmpty() && tasks.stream().allMatch(isDone);
  }
}
