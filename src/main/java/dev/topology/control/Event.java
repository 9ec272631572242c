package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.run.RunEvent;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome;
import dev.topology.text.HumanText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Something that happened in a run.
 *
 * <pre>
 * {"at":"2026-11-23T10:00:00.250Z","event":"node-ready","node":"left","text":"ready after 1.6 s"}
 * </pre>
 *
 * @param at when
 * @param event what, for programs: {@code launched}, {@code node-started}, {@code node-ready},
 *     {@code node-ended}, {@code node-paused}, {@code node-resumed}, {@code node-restarted}, {@code
 *     changed}, {@code cable-cut}, {@code cable-joined}, {@code cable-shaped}, {@code
 *     capture-begun}, {@code capture-ended}, {@code warned}, {@code over}, or another
 * @param node the node it happened to, if it did
 * @param cable the cable it happened to, if it did
 * @param text what, for people
 */
public record Event(
    Instant at, String event, Optional<String> node, Optional<String> cable, String text) {

  /** From what is on the wire. */
  public static Event of(JsonNode json) throws ControlException {
    return RecordJson.read(Event.class, json);
  }

  static Event of(Instant at, RunEvent event) {
    if (event instanceof RunEvent.Launched launched) {
      return ofTopology(at, "launched", "every QEMU is up" + ports(launched.hostPorts()));
    }
    if (event instanceof RunEvent.NodeStarted started) {
      return ofNode(at, "node-started", started.node(), "started");
    }
    if (event instanceof RunEvent.NodeReady ready) {
      return ofNode(
          at, "node-ready", ready.node(), "ready after " + HumanText.duration(ready.after()));
    }
    if (event instanceof RunEvent.NodeEnded ended) {
      String after = " after " + HumanText.duration(ended.after());
      return ofNode(at, "node-ended", ended.node(), outcome(ended.outcome()) + after);
    }
    if (event instanceof RunEvent.NodePaused paused) {
      return ofNode(at, "node-paused", paused.node(), "paused");
    }
    if (event instanceof RunEvent.NodeResumed resumed) {
      return ofNode(at, "node-resumed", resumed.node(), "resumed");
    }
    if (event instanceof RunEvent.NodeRestarted restarted) {
      return ofNode(at, "node-restarted", restarted.node(), "restarted");
    }
    if (event instanceof RunEvent.Changed changed) {
      String what = changed.changes().isEmpty() ? "nothing" : String.join(", ", changed.changes());
      return ofTopology(at, "changed", "changed: " + what);
    }
    if (event instanceof RunEvent.Saved saved) {
      return ofTopology(
          at, "saved", "saved; stood still for " + HumanText.duration(saved.stoodStill()));
    }
    if (event instanceof RunEvent.Warned warned) {
      return ofNode(at, "warned", warned.node(), warned.message());
    }
    if (event instanceof RunEvent.CableCut cut) {
      return ofCable(at, "cable-cut", cut.cable(), "cut");
    }
    if (event instanceof RunEvent.CableJoined joined) {
      return ofCable(at, "cable-joined", joined.cable(), "joined");
    }
    if (event instanceof RunEvent.CableShaped shaped) {
      String shaping = StatusReport.text(shaped.shaping());
      return ofCable(at, "cable-shaped", shaped.cable(), "shaped: " + shaping);
    }
    if (event instanceof RunEvent.CaptureBegun begun) {
      return ofCable(at, "capture-begun", begun.cable(), "a capture has begun");
    }
    if (event instanceof RunEvent.CaptureEnded ended) {
      String frames = HumanText.count(ended.frames(), "frame") + ", " + ended.dropped();
      return ofCable(
          at, "capture-ended", ended.cable(), "a capture has ended: " + frames + " dropped");
    }
    RunEvent.Over over = (RunEvent.Over) event;
    String after = " after " + HumanText.duration(over.after());
    return ofTopology(at, "over", RunEnding.of(over.outcome()).headline() + after);
  }

  private static Event ofNode(Instant at, String event, String node, String text) {
    return new Event(at, event, Optional.of(node), Optional.empty(), text);
  }

  private static Event ofCable(Instant at, String event, String cable, String text) {
    return new Event(at, event, Optional.empty(), Optional.of(cable), text);
  }

  private static Event ofTopology(Instant at, String event, String text) {
    return new Event(at, event, Optional.empty(), Optional.empty(), text);
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
