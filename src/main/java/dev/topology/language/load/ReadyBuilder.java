package dev.topology.language.load;

import java.time.Duration;

/**
 * When a node of a {@link TopologyBuilder} counts as ready: by one condition, or by what its image
 * says. Not safe for use by several threads.
 */
public final class ReadyBuilder {

  private final WrittenMapping keys;

  ReadyBuilder(WrittenMapping keys) {
    this.keys = keys;
  }

  /**
   * When a text was found on its console.
   *
   * @param regex of {@link java.util.regex.Pattern}, in which {@code ^} and {@code $} match at the
   *     ends of lines
   */
  public ReadyBuilder console(String regex) {
    keys.text("console", regex);
    return this;
  }

  /** When something in the guest accepts TCP connections on a port. */
  public ReadyBuilder port(int guestPort) {
    keys.plain("port", guestPort);
    return this;
  }

  /** When the guest has sent a first byte on one of its channels. */
  public ReadyBuilder channel(String name) {
    keys.text("channel", name);
    return this;
  }

  /** How long it may take from the moment the guest runs. */
  public ReadyBuilder within(Duration time) {
    keys.duration("within", time);
    return this;
  }
}
