package dev.topology.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Ends a test that this host cannot run: skipped with its reason, or failed where the environment
 * says {@code TOPOLOGY_REQUIRED=true}, as it does in CI, for there a skipped test looks like a
 * passed one.
 */
public final class Unavailable {

  private Unavailable() {}

  /** Does not return, whatever its type says. */
  @SuppressWarnings("TypeParameterUnusedInFormals") // As those of JUnit that it calls.
  public static <T> T because(String reason) {
    return Boolean.parseBoolean(System.getenv("TOPOLOGY_REQUIRED")) ? fail(reason) : abort(reason);
  }
}
