package dev.topology.guest;

/**
 * A command whose input and outputs are streams, as it goes over the port {@code topology.shell}
 * beside those of {@link ShellRequest}, and is ended as they are. {@link ExecOpened} tells its
 * start, {@link ExecExit} its end.
 *
 * <p>What the command reads and writes goes over ports of its own, which the host plugs in for it
 * and which are named {@code topology.stream.7.16}; so it may be anything, and nobody waits but for
 * those who do not read. A line end comes first over the input port, and is not the command's:
 * until the host is heard there, the port looks as if it had ended. The guest writes the token last
 * over the other two.
 *
 * <pre>{@code
 * host → guest                            guest → host
 * exec 7 1 5e1f… 16 17 18                 open 7
 * exec ping -c1 server                    exit 7 0
 * }</pre>
 *
 * @param id told apart from that of every other command that runs
 * @param script what the guest's {@code sh} reads; any number of lines
 * @param token one word, which nobody else can know
 * @param inputPort the number of the port that it reads
 * @param outputPort the number of the port for its standard output
 * @param errorPort the number of the port for its standard error
 */
public record ExecRequest(
    long id, String script, String token, int inputPort, int outputPort, int errorPort) {

  public ExecRequest {
    if (script.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a command cannot hold a NUL character");
    }
  }

  /** What a port of a command is called. */
  public static String portName(long id, int number) {
    return "topology.stream." + id + "." + number;
  }

  /** The lines that have it run, each with its end. */
  public String lines() {
    String text = script.endsWith("\n") ? script : script + "\n";
    long count = text.chars().filter(it -> it == '\n').count();
    String ports = inputPort + " " + outputPort + " " + errorPort;
    return "exec " + id + " " + count + " " + token + " " + ports + "\n" + text;
  }
}
