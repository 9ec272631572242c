package dev.topology.source;

import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
  /** The file cannot be used. */
  ERROR,
  /** The file can be used, but probably does not do what its writer means. */
  WARNING;

  /** As it is printed: {@code error}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
