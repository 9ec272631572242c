package dev.topology.cli;

/** What the status line tells of a node. */
public enum NodePhase {
  /** Another node it depends on is not ready. */
  WAITING,
  STARTING,
  READY,
  DONE,
  FAILED
}
