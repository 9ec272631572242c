package dev.topology.run.node;

/** How far a node has come. Only ever moves forward, in this order. */
public enum NodeState {
  /** Its QEMU is being spawned and asked for its ports. */
  SPAWNED,
  /**
   * Its QEMU is up; the guest waits for the other QEMUs, for the nodes it depends on, and its turn.
   */
  PAUSED,
  /** Its guest runs and is not ready yet. */
  STARTED,
  /** Its guest is ready. */
  READY,
  /** Its outcome is settled. QEMU may still be on its way out. */
  ENDED
}
