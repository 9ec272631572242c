package dev.topology.cli.terminal;

/** What the status line tells of a node. */
public enum NodePhase {
  /** Another node it depends on is not ready, or it is not its turn to boot. */
  WAITING,
  STARTING,
  READY,
  DONE,
  FAILED
}
