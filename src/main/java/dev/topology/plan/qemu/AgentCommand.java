package dev.topology.plan.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Optional;

/**
 * Commands to a QEMU guest agent, which speaks as QEMU's monitor does, over the port {@code
 * org.qemu.guest_agent.0}. qga/qapi-schema.json of QEMU lists them all; {@link QmpMessage} is what
 * it answers.
 */
public final class AgentCommand {

  private static final String SHELL = "/bin/sh";

  /** A session of its own can be ended with all that it started. Not every guest has setsid. */
  private static final String RUN =
      "cd /; if command -v setsid >/dev/null 2>&1;"
          + " then exec setsid /bin/sh -c \"$0\"; else exec /bin/sh -c \"$0\"; fi";

  private AgentCommand() {}

  /** Asks for the same number back, after a byte that no other answer holds. */
  public static QmpCommand sync(long number) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("id", number);
    return new QmpCommand("guest-sync-delimited", arguments);
  }

  /**
   * Starts a script, and returns its process's {@code pid}. The agent collects what it writes, at
   * most 16 MiB of each output.
   *
   * @param input what it reads
   */
  public static QmpCommand run(String script, byte[] input) {
    QmpCommand command = shell(RUN, script);
    command
        .arguments()
        .put("capture-output", true)
        .put("input-data", Base64.getEncoder().encodeToString(input));
    return command;
  }

  /** Asks how a process is that was started; {@link Exit} reads the answer. */
  public static QmpCommand status(long pid) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("pid", pid);
    return new QmpCommand("guest-exec-status", arguments);
  }

  /** Kills what {@link #run} started, with its session where it has one. */
  public static QmpCommand kill(long pid) {
    return shell("kill -KILL -$0 2>/dev/null || kill -KILL $0", Long.toString(pid));
  }

  private static QmpCommand shell(String script, String argument) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("path", SHELL);
    arguments.putArray("arg").add("-c").add(script).add(argument);
    return new QmpCommand("guest-exec", arguments);
  }

  /**
   * How a process ended that a QEMU guest agent has started: {@link #run}.
   *
   * @param status as of a shell, 0 to 255: 128 and the signal's number where a signal ended it
   * @param output what it wrote to standard output
   * @param errors what it wrote to standard error
   * @param isOutputCut whether the agent has dropped the rest of its output
   * @param areErrorsCut whether the agent has dropped the rest of its errors
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Exit(
      int status, byte[] output, byte[] errors, boolean isOutputCut, boolean areErrorsCut) {

    private static final int BY_SIGNAL = 128;

    /**
     * What an agent answers to {@link #status}.
     *
     * @return empty while the process runs
     * @throws IllegalArgumentException if it is no such answer
     */
    public static Optional<Exit> of(QmpMessage.Return answer) {
      JsonNode value = answer.value();
      if (!value.path("exited").asBoolean()) {
        return Optional.empty();
      }
      int status =
          value.has("signal")
              ? BY_SIGNAL + value.get("signal").asInt()
              : value.path("exitcode").asInt();
      return Optional.of(
          new Exit(
              status,
              bytes(value, "out-data"),
              bytes(value, "err-data"),
              value.path("out-truncated").asBoolean(),
              value.path("err-truncated").asBoolean()));
    }

    private static byte[] bytes(JsonNode answer, String key) {
      return Base64.getDecoder().decode(answer.path(key).asText());
    }
  }
}
