package dev.topology.model;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When a node counts as ready.
 *
 * @param condition empty means what the image says; for the built-in image, the control port's
 *     {@code ready}
 * @param within how long it may take from the moment the guest runs; empty means the planner's
 *     default, which is longer where there is no KVM
 */
public record Readiness(Optional<Condition> condition, Optional<Duration> within) {

  /** What the image says, within the default time. */
  public static final Readiness DEFAULT = new Readiness(Optional.empty(), Optional.empty());

  /** One way of telling that a node is ready. */
  public sealed interface Condition {

    /** The pattern was found on the console. */
    record ConsoleText(Pattern pattern) implements Condition {}

    /** Something in the guest accepted a TCP connection on that port. */
    record OpenPort(int guestPort) implements Condition {}

    /** The guest sent a first byte on that channel. */
    record ChannelByte(String channel) implements Condition {}
  }
}
