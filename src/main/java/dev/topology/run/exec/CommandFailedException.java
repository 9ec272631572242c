package dev.topology.run.exec;

/**
 * A command in a guest that was to succeed ended with another status. The message holds the
 * command, the node, the status and what the command wrote.
 */
public final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient CommandResult result;

  CommandFailedException(CommandResult result) {
    super(result.toString());
    this.result = result;
  }

  /** How the command ended. */
  public CommandResult result() {
    return result;
  }
}
