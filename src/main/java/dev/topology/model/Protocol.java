package dev.topology.model;

import java.util.Locale;

/** A transport protocol whose ports can be forwarded. */
public enum Protocol {
  TCP,
  UDP;

  /** As QEMU and users write it: {@code tcp}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
