package dev.topology.cli;

/** This program ends with the status of another. */
final class CommandStatus extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;

  CommandStatus(int status) {
    super("ended with status " + status);
    this.status = status;
  }

  /** 0 to 255. */
  int status() {
    return status;
  }
}
