package dev.topology.run;

import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
import dev.topology.model.Topology;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** How a run ended. By then no process of it is left. */
public sealed interface TopologyOutcome {

  /** Every task ended in success. */
  record Done() implements TopologyOutcome {

    /**
     * The tasks: the nodes that have to end in success, in the order of the file.
     *
     * <p>A node with {@code on_exit: fail} is a service. Of the others, those with a {@code
     * command} are the tasks; where no node has one, all of them are. A topology of services alone
     * has no task and runs until it is stopped.
     *
     * <p>Of a node that is restarted only the current run counts: a task that had ended in success
     * has to do so again. One that was stopped keeps the run going until it is restarted and does.
     */
    public static List<String> tasks(Topology topology) {
      List<Node> candidates =
          topology.nodes().stream().filter(node -> node.onExit() == OnExit.DONE).toList();
      Predicate<Node> hasCommand = node -> node.command().isPresent();
      boolean anyCommand = candidates.stream().anyMatch(hasCommand);
      return candidates.stream()
          .filter(anyCommand ? hasCommand : node -> true)
          .map(Node::name)
          .toList();
    }
  }

  /** A node failed, and everything was stopped. */
  record Failed(FailureReport report) implements TopologyOutcome {}

  /** Somebody asked it to stop. */
  record Stopped() implements TopologyOutcome {}

  /**
   * Something has gone that a run cannot do without, so all was ended while it could be: the
   * process that ends every QEMU should this one die, or the directory by which others reach the
   * run.
   *
   * @param reason one clause
   */
  record Unguarded(String reason) implements TopologyOutcome {}

  /** It was not over in the time it was given. */
  record OutOfTime(Duration limit) implements TopologyOutcome {}
}
