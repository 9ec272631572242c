package dev.topology.run;

import dev.topology.console.ConsoleRecord;
import dev.topology.model.Shaping;
import dev.topology.model.Topology;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome;
import java.time.Duration;
import java.util.List;

/** Something that happened in a run, in the order in which it happened. */
public sealed interface RunEvent {

  /** Every QEMU is up and paused; the host ports are known. */
  record Launched(List<HostPort> hostPorts) implements RunEvent {}

  /** A node's guest began to run. */
  record NodeStarted(String node) implements RunEvent {}

  /** A node became ready, so long after its guest began to run. */
  record NodeReady(String node, Duration after) implements RunEvent {}

  /** A node ended, so long after its guest began to run. */
  record NodeEnded(String node, NodeOutcome outcome, Duration after) implements RunEvent {}

  /** A node's guest is paused. */
  record NodePaused(String node) implements RunEvent {}

  /** A paused guest runs again. */
  record NodeResumed(String node) implements RunEvent {}

  /** A node is restarted; it will be started, and ready, once more. */
  record NodeRestarted(String node) implements RunEvent {}

  /**
   * The run is that of another plan from now on; its new nodes are being started.
   *
   * @param topology that runs now
   * @param changes what was done, for people; none if the plan was the same
   */
  record Changed(Topology topology, List<String> changes) implements RunEvent {}

  /** The run was saved as a whole, for which it stood still for so long. */
  record Saved(Duration stoodStill) implements RunEvent {}

  /** A cable carries nothing from now on. */
  record CableCut(String cable) implements RunEvent {}

  /** A cable that was cut carries frames again. */
  record CableJoined(String cable) implements RunEvent {}

  /** A cable's shaper does this from now on. */
  record CableShaped(String cable, Shaping shaping) implements RunEvent {}

  /** A capture of a cable has begun that was asked for during the run. */
  record CaptureBegun(String cable) implements RunEvent {}

  /** Such a capture has ended; it holds so many frames, and so many are missing. */
  record CaptureEnded(String cable, long frames, long dropped) implements RunEvent {}

  /** Something went wrong that does not end the run: a console log on a full disk. */
  record Warned(String node, String message) implements RunEvent {}

  /** The run is over, and nothing of it is left. */
  record Over(TopologyOutcome outcome, Duration after) implements RunEvent {}

  /**
   * Hears of a run. Called by the run's own thread, or by one that did something to a node or
   * cable, one call at a time; a call must return soon and must not wait for the run.
   */
  interface RunListener {

    /** A listener that does nothing. */
    RunListener SILENT = new RunListener() {};

    /** A node's console is about to be read; nothing has been printed on it yet. */
    default void opened(ConsoleRecord console) {}

    /** Something happened. */
    default void happened(RunEvent event) {}
  }
}
