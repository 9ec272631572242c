package dev.topology.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
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

    /** A command in the guest ended with status 0; it is run again until it does. */
    record CommandSuccess(Command command) implements Condition {}

    /**
     * A request of HTTP to that TCP port was answered with success or a redirection; it is sent
     * again until it is.
     *
     * @param path begins with a slash, and is visible ASCII
     */
    record HttpAnswer(int guestPort, String path) implements Condition {}

    /** The TCP port of the guest that has to be connected to, to see whether it is met. */
    default OptionalInt probedPort() {
      if (this instanceof OpenPort open) {
        return OptionalInt.of(open.guestPort());
      }
      return this instanceof HttpAnswer http
          ? OptionalInt.of(http.guestPort())
          : OptionalInt.empty();
    }
  }
}
