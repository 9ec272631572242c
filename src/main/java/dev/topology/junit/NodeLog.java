package dev.topology.junit;

import dev.topology.junit.TestScope.TestBody;
import dev.topology.run.RunEvent;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The state of each node so far, in a few words. Written by the run, read by tests. */
final class NodeLog implements RunListener {

  private final Map<String, String> states = new ConcurrentHashMap<>();
  private final Set<TestBody> bodies = ConcurrentHashMap.newKeySet();
  private volatile boolean failed;

  /** The state of a node, or how it ended. */
  String stateOf(String node) {
    return states.getOrDefault(node, "not started");
  }

  /** Whether the run has failed: it is ending then, but may not have ended yet. */
  boolean hasFailure() {
    return failed;
  }

  /** Has code interrupted when the run fails; at once, if it has failed already. */
  void interruptOnFailure(TestBody body) {
    bodies.add(body);
    if (failed) {
      body.interrupt();
    }
  }

  /** Undoes {@link #interruptOnFailure}. */
  void forget(TestBody body) {
    bodies.remove(body);
  }

  /** The run has failed, or a node of it has. */
  void fail() {
    failed = true;
    bodies.forEach(TestBody::interrupt);
  }

  @Override
  public void happened(RunEvent event) {
    if (event instanceof RunEvent.NodeStarted started) {
      states.put(started.node(), "started, not ready yet");
    } else if (event instanceof RunEvent.NodeReady ready) {
      states.put(ready.node(), "running, ready after " + HumanText.duration(ready.after()));
    } else if (event instanceof RunEvent.NodeEnded ended) {
      states.put(ended.node(), describe(ended.outcome(), ended.after()));
      if (ended.outcome() instanceof NodeOutcome.Failed) {
        fail();
      }
    } else if (event instanceof RunEvent.Over over
        && over.outcome() instanceof TopologyOutcome.Unguarded) {
      fail();
    }
  }

  private static String describe(NodeOutcome outcome, Duration after) {
    String time = " after " + HumanText.duration(after);
    if (outcome instanceof NodeOutcome.Failed failure) {
      return "failed" + time + ": " + failure.cause().describe();
    }
    return outcome.word() + time;
  }
}
