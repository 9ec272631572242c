package dev.topology.model;

/** What executes a guest's instructions. */
public enum Accelerator {
  /** KVM where a guest was proven to run on it, emulation elsewhere. */
  AUTO,
  /** The host's hardware virtualisation. */
  KVM,
  /** QEMU's emulation, which needs no privilege and no hardware. */
  TCG
}
