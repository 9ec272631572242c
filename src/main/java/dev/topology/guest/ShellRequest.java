package dev.topology.guest;

/**
 * A command for the guest's shell, as it goes over the port {@code topology.shell}.
 *
 * <p>The guest says {@code shell 2} once it serves the port. The host then sends commands, each
 * with a number of its own and the count of its lines, and asks for the end of one it no longer
 * waits for. They run beside each other, each in a session of its own with nothing on its standard
 * input, and are answered as they end: {@link ShellAnswer}. What is said of commands with streams
 * comes in between: {@link ExecRequest}.
 *
 * <pre>{@code
 * host → guest              guest → host
 * run 7 1                   shell 2
 * ping -c1 server           7 0 54 0
 * kill 7                    PING server (10.64.0.1) …
 * }</pre>
 *
 * @param id told apart from that of every other command that runs
 * @param script what the guest's {@code sh} reads; any number of lines
 */
public record ShellRequest(long id, String script) {

  /** What the guest says first. */
  public static final String GREETING = "shell 2";

  public ShellRequest {
    if (script.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a command cannot hold a NUL character");
    }
  }

  /** The lines that have it run, each with its end. */
  public String run() {
    String text = script.endsWith("\n") ? script : script + "\n";
    return "run " + id + " " + text.chars().filter(it -> it == '\n').count() + "\n" + text;
  }

  /** The line that ends a command, with all that it started and has not detached. */
  public static String kill(long id) {
    return "kill " + id + "\n";
  }
}
