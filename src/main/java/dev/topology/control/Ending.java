package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.run.TopologyOutcome;
import dev.topology.text.HumanText;
import java.util.Locale;

/**
 * How a run ended, for those who were not there.
 *
 * @param how the kind of its end
 * @param text all that helps to understand it, in one line or several, without an end of line
 */
public record Ending(How how, String text) {

  /** The kinds of end, as {@link TopologyOutcome} has them. */
  public enum How {
    DONE,
    FAILED,
    STOPPED,
    OUT_OF_TIME,
    UNGUARDED;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The ending of an outcome. */
  public static Ending of(TopologyOutcome outcome) {
    if (outcome instanceof TopologyOutcome.Failed failed) {
      return new Ending(How.FAILED, failed.report().describe());
    }
    if (outcome instanceof TopologyOutcome.OutOfTime late) {
      return new Ending(How.OUT_OF_TIME, "not over in its " + HumanText.duration(late.limit()));
    }
    if (outcome instanceof TopologyOutcome.Unguarded unguarded) {
      return new Ending(How.UNGUARDED, unguarded.reason());
    }
    return outcome instanceof TopologyOutcome.Done
        ? new Ending(How.DONE, "done")
        : new Ending(How.STOPPED, "stopped");
  }

  /** The first line of its text. */
  String headline() {
    return text.lines().findFirst().orElse("");
  }

  ObjectNode json() {
    return JsonNodeFactory.instance.objectNode().put("outcome", how.text()).put("text", text);
  }

  static Ending of(JsonNode json) throws ControlException {
    String outcome = json.path("outcome").asText();
    for (How how : How.values()) {
      if (how.text().equals(outcome)) {
        return new Ending(how, json.path("text").asText());
      }
    }
    throw new ControlException(ErrorId.MALFORMED, "not an outcome: " + outcome, "");
  }
}
