package dev.topology.plan.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Optional;

/** How a process ended that a QEMU guest agent has started: {@link AgentCommand#run}. */
public final class AgentExit {

  private static final int BY_SIGNAL = 128;

  private final int status;
  private final byte[] output;
  private final byte[] errors;
  private final boolean outputCut;
  private final boolean errorsCut;

  private AgentExit(JsonNode answer) {
    this.status =
        answer.has("signal")
            ? BY_SIGNAL + answer.get("signal").asInt()
            : answer.path("exitcode").asInt();
    this.output = bytes(answer, "out-data");
    this.errors = bytes(answer, "err-data");
    this.outputCut = answer.path("out-truncated").asBoolean();
    this.errorsCut = answer.path("err-truncated").asBoolean();
  }

  /**
   * What an agent answers to {@link AgentCommand#status}.
   *
   * @return empty while the process runs
   * @throws IllegalArgumentException if it is no such answer
   */
  public static Optional<AgentExit> of(QmpMessage.Return answer) {
    return answer.value().path("exited").asBoolean()
        ? Optional.of(new AgentExit(answer.value()))
        : Optional.empty();
  }

  private static byte[] bytes(JsonNode answer, String key) {
    return Base64.getDecoder().decode(answer.path(key).asText());
  }

  /** As of a shell, 0 to 255: 128 and the signal's number where a signal ended it. */
  public int status() {
    return status;
  }

  /** What it wrote to standard output. */
  public byte[] output() {
    return output.clone();
  }

  /** What it wrote to standard error. */
  public byte[] errors() {
    return errors.clone();
  }

  /** Whether the agent has dropped the rest of its output. */
  public boolean isOutputCut() {
    return outputCut;
  }

  /** Whether the agent has dropped the rest of its errors. */
  public boolean areErrorsCut() {
    return errorsCut;
  }
}
