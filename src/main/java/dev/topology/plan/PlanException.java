package dev.topology.plan;

/** A valid topology cannot be run on this host. The message says why, and what the user can do. */
public final class PlanException extends Exception {

  private static final long serialVersionUID = 1;

  public PlanException(String message) {
    super(message);
  }
}
