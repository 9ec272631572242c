package dev.topology.cli.terminal;

/** How many colours an output takes. */
public enum ColorDepth {
  NONE,
  /** The eight of ECMA-48. */
  BASIC,
  /** The 256 of xterm. */
  WIDE
}
