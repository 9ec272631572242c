package dev.topology.language.containerlab;

import dev.topology.language.containerlab.GuestBuilder.Health;
import dev.topology.language.containerlab.GuestBuilder.Program;
import dev.topology.language.containerlab.Import.Findings;
import java.util.List;
import java.util.OptionalLong;

/**
 * Translates {@code healthcheck}, as Docker's HEALTHCHECK has it, into what makes a node ready:
 * {@code test: [CMD-SHELL, SCRIPT]} or {@code [CMD, PROGRAM, ARGUMENT…]}, and times in seconds.
 */
final class HealthTranslation {

  /** What a node has by default is not made shorter. */
  private static final long USUAL_SECONDS = 300;

  private static final long MOST_SECONDS = 7 * 24 * 3600;

  private final Findings findings;

  HealthTranslation(Findings findings) {
    this.findings = findings;
  }

  void translate(Value check, GuestBuilder guest) {
    List<String> test =
        check.get("test").map(Value::items).orElse(List.of()).stream().map(Value::text).toList();
    String form = test.isEmpty() ? "" : test.get(0);
    if (form.equals("CMD-SHELL") && test.size() == 2) {
      guest.health(new Health(new Program(test.subList(1, 2), true), seconds(check)));
    } else if (form.equals("CMD") && test.size() > 1) {
      guest.health(new Health(new Program(test.subList(1, test.size()), false), seconds(check)));
    } else if (!form.equals("NONE")) {
      findings.add(
          check,
          "healthcheck",
          "its test is neither CMD with a program nor CMD-SHELL with a script",
          "say with \"ready: {exec: COMMAND}\" when the node is ready");
    }
  }

  /** How long it may take until Docker calls a container unhealthy. */
  private static OptionalLong seconds(Value check) {
    long all =
        number(check, "start-period", 0)
            + number(check, "retries", 3)
                * (number(check, "interval", 30) + number(check, "timeout", 30));
    return all > USUAL_SECONDS
        ? OptionalLong.of(Math.min(all, MOST_SECONDS))
        : OptionalLong.empty();
  }

  private static long number(Value check, String key, long usual) {
    return check
        .get(key)
        .map(Value::text)
        .filter(it -> it.matches("[0-9]{1,6}"))
        .map(Long::valueOf)
        .orElse(usual);
  }
}
