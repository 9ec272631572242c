package dev.topology.model;

import java.util.Locale;

/** What executes a guest's instructions. */
public enum Accelerator {
  /** KVM where a guest was proven to run on it, emulation elsewhere. */
  AUTO,
  /** The host's hardware virtualisation. */
  KVM,
  /** QEMU's emulation, which needs no privilege and no hardware. */
  TCG;

  /** As users write it: {@code auto}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
