package dev.topology.control;

import dev.topology.run.HostPort;
import dev.topology.run.NodeOutcome;
import dev.topology.run.RunEvent;
import dev.topology.text.HumanText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says what happened. */
final class EventText {

  private EventText() {}

  static Happening of(Instant at, RunEvent event) {
    if (event instanceof RunEvent.Launched launched) {
      return topologys(at, "launched", "every QEMU is up" + ports(launched.hostPorts()));
    }
    if (event instanceof RunEvent.NodeStarted started) {
      return nodes(at, "node-started", started.node(), "started");
    }
    if (event instanceof RunEvent.NodeReady ready) {
      return nodes(
          at, "node-ready", ready.node(), "ready after " + HumanText.duration(ready.after()));
    }
    if (event instanceof RunEvent.NodeEnded ended) {
      String after = " after " + HumanText.duration(ended.after());
      return nodes(at, "node-ended", ended.node(), outcome(ended.outcome()) + after);
    }
    if (event instanceof RunEvent.NodePaused paused) {
      return nodes(at, "node-paused", paused.node(), "paused");
    }
    if (event instanceof RunEvent.NodeResumed resumed) {
      return nodes(at, "node-resumed", resumed.node(), "resumed");
    }
    if (event instanceof RunEvent.NodeRestarted restarted) {
      return nodes(at, "node-restarted", restarted.node(), "restarted");
    }
    if (event instanceof RunEvent.Warned warned) {
      return nodes(at, "warned", warned.node(), warned.message());
    }
    if (event instanceof RunEvent.CableCut cut) {
      return cables(at, "cable-cut", cut.cable(), "cut");
    }
    if (event instanceof RunEvent.CableJoined joined) {
      return cables(at, "cable-joined", joined.cable(), "joined");
    }
    if (event instanceof RunEvent.CableShaped shaped) {
      String shaping = ShapingText.of(shaped.shaping());
      return cables(at, "cable-shaped", shaped.cable(), "shaped: " + shaping);
    }
    if (event instanceof RunEvent.CaptureBegun begun) {
      return cables(at, "capture-begun", begun.cable(), "a capture has begun");
    }
    if (event instanceof RunEvent.CaptureEnded ended) {
      String frames = HumanText.count(ended.frames(), "frame") + ", " + ended.dropped();
      return cables(
          at, "capture-ended", ended.cable(), "a capture has ended: " + frames + " dropped");
    }
    RunEvent.Over over = (RunEvent.Over) event;
    String after = " after " + HumanText.duration(over.after());
    return topologys(at, "over", Ending.of(over.outcome()).headline() + after);
  }

  private static Happening nodes(Instant at, String event, String node, String text) {
    return new Happening(at, event, Optional.of(node), Optional.empty(), text);
  }

  private static Happening cables(Instant at, String event, String cable, String text) {
    return new Happening(at, event, Optional.empty(), Optional.of(cable), text);
  }

  private static Happening topologys(Instant at, String event, String text) {
    return new Happening(at, event, Optional.empty(), Optional.empty(), text);
  }

  private static String ports(List<HostPort> ports) {
    return ports.isEmpty()
        ? ""
        : ports.stream()
            .map(port -> port.hostPort() + " leads to " + port.node() + ":" + port.guestPort())
            .collect(Collectors.joining(", ", "; ", ""));
  }

  /** {@code done}, {@code stopped}, {@code rebooted}, or {@code failed: its kernel panicked}. */
  static String outcome(NodeOutcome outcome) {
    if (outcome instanceof NodeOutcome.Failed failed) {
      return "failed: " + failed.cause().describe();
    }
    return outcome.word();
  }
}
