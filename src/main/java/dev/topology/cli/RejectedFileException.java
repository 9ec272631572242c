package dev.topology.cli;

/** The topology file cannot be used, and the user has been told why. */
final class RejectedFileException extends Exception {

  private static final long serialVersionUID = 1L;
}
