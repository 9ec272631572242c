package dev.topology.cli.terminal;

/** What {@code --color} says. */
public enum ColorChoice {
  /** Colours on a terminal that has them, unless {@code NO_COLOR} is set (no-color.org). */
  AUTO,
  /** Colours wherever the output goes, whatever the environment says. */
  ALWAYS,
  /** No colours. */
  NEVER
}
