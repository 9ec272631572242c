package dev.topology.language.load;

import dev.topology.language.load.Written.WrittenMapping;
import java.time.Duration;
import java.util.List;

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

  /** When a command, run in the guest again and again, ends with status 0: a script for sh. */
  public ReadyBuilder exec(String script) {
    keys.text("exec", script);
    return this;
  }

  /** When a command, run in the guest again and again, ends with status 0. */
  public ReadyBuilder exec(List<String> programAndArguments) {
    keys.texts("exec", programAndArguments);
    return this;
  }

  /**
   * When a GET of HTTP, sent again and again, is answered with a status from 200 to 399.
   *
   * @param path such as {@code /health}
   */
  public ReadyBuilder http(int guestPort, String path) {
    keys.text("http", guestPort + path);
    return this;
  }

  /** How long it may take from the moment the guest runs. */
  public ReadyBuilder within(Duration time) {
    keys.duration("within", time);
    return this;
  }
}
