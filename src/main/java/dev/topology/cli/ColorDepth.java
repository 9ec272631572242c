package dev.topology.cli;

/** How many colours an output takes. */
enum ColorDepth {
  NONE,
  /** The eight of ECMA-48. */
  BASIC,
  /** The 256 of xterm. */
  WIDE
}
