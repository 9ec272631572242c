package dev.topology.run.exec;

import dev.topology.console.GuestText;
import java.nio.charset.StandardCharsets;

/** How a command in a guest ended, and what it wrote. Immutable. */
public final class CommandResult {

  private final String node;
  private final String command;
  private final int status;
  private final byte[] output;
  private final byte[] errors;

  CommandResult(String node, String command, int status, byte[] output, byte[] errors) {
    this.node = node;
    this.command = command;
    this.status = status;
    this.output = output;
    this.errors = errors;
  }

  /** The command. */
  public String command() {
    return command;
  }

  /** Its exit status, 0 to 255; 128 and the signal's number where a signal ended it. */
  public int status() {
    return status;
  }

  /** Whether its exit status is 0. */
  public boolean isSuccess() {
    return status == 0;
  }

  /** What it wrote to standard output, as text in UTF-8, without the last line's end. */
  public String output() {
    return text(output);
  }

  /** What it wrote to standard error, as text in UTF-8, without the last line's end. */
  public String errors() {
    return text(errors);
  }

  /** What it wrote to standard output, byte for byte. */
  public byte[] outputBytes() {
    return output.clone();
  }

  /** What it wrote to standard error, byte for byte. */
  public byte[] errorBytes() {
    return errors.clone();
  }

  private static String text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * This, if the command succeeded.
   *
   * @throws CommandFailedException if its exit status is not 0, with what it wrote in the message
   */
  public CommandResult expectSuccess() {
    if (!isSuccess()) {
      throw new CommandFailedException(this);
    }
    return this;
  }

  @Override
  public String toString() {
    return "\""
        + command.strip()
        + "\" on "
        + node
        + " ended with exit status "
        + status
        + paragraph("its output", output())
        + paragraph("its errors", errors());
  }

  private static String paragraph(String title, String text) {
    return text.isEmpty()
        ? ""
        : "\n  " + title + ":\n" + GuestText.lines(text).toString().indent(4).stripTrailing();
  }

  /**
   * A command in a guest that was to succeed ended with another status. The message holds the
   * command, the node, the status and what the command wrote.
   */
  public static final class CommandFailedException extends RuntimeException {

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
}
