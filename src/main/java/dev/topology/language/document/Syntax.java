package dev.topology.language.document;

import java.util.Optional;

/** The forms of texts that have an inner structure, by what they stand for. */
public enum Syntax {
  TOPOLOGY_NAME(
      Patterns.DNS_LABEL,
      "a name of lower-case letters, digits and inner hyphens, 63 characters at most"),
  NODE_NAME(
      "(?!localhost$)" + Patterns.DNS_LABEL,
      "a name of lower-case letters, digits and inner hyphens, 63 characters at most"),
  CABLE_NAME(Patterns.WORD, "a name of letters, digits, \".\", \"_\" and \"-\", 63 at most"),
  CHANNEL_NAME(Patterns.CHANNEL, "a name of letters, digits, \".\", \"_\" and \"-\", 63 at most"),
  INTERFACE_NAME(
      Patterns.INTERFACE, "a name of 1 to 15 characters without spaces, \"/\" and \":\""),
  IMAGE(Patterns.IMAGE, "the name of an image, none, or a directory such as ./image"),
  MEMORY(Patterns.SIZE, "a size such as 256MiB or 1GiB"),
  DURATION(Patterns.DURATION, "a span of time such as 60s, 500ms or 1m30s"),
  DELAY(Patterns.DURATION, "a span of time such as 20ms, 100us or 1.5s, 60s at most"),
  SHARE(Patterns.SHARE, "a share of the frames from 0% to 100%, such as 0.5%"),
  RATE(Patterns.RATE, "a number of bits a second such as 10Mbit, from 1kbit to 100Gbit"),
  QUEUE("[1-9][0-9]{0,8}(KiB|MiB)", "a size such as 256KiB, at most 64MiB"),
  GUEST_PORT(Patterns.GUEST_PORT, "a port of the guest such as 22, 22/tcp or 53/udp"),
  HOST_PORT(Patterns.HOST_PORT, "a port of the host such as 8080, auto, same or 0.0.0.0:8080"),
  SERVICE_ADDRESS(
      Patterns.SERVICE_ADDRESS, "a free address in 10.42.0.0/24 with a port: 10.42.0.100:5000"),
  SERVICE_TARGET(
      Patterns.SERVICE_TARGET,
      "an address or name with a port, such as 127.0.0.1:5000, or a socket such as unix:app.sock"),
  DESTINATION("(default|" + Patterns.PREFIXED + ")", "a network such as 10.0.4.0/24, or default"),
  IP_ADDRESS(Patterns.IP, "an IP address such as 10.64.0.1"),
  CABLE_ADDRESS(
      "(none|" + Patterns.PREFIXED + ")",
      "an address with its prefix length, such as 10.0.3.1/24 or fd00:3::1/64, or none"),
  NO_ADDRESS("none", "none: addresses are given to ends"),
  MAC_ADDRESS(Patterns.MAC, "a MAC address of one station, such as 02:00:00:00:00:01"),
  HOST_PATH(Patterns.NOT_BLANK, "a path of the host, absolute or relative to the file"),
  GUEST_PATH(Patterns.GUEST_PATH, "an absolute path in the guest, such as /etc/motd"),
  KERNEL_ARGUMENTS(Patterns.ONE_LINE, "a single line without control characters"),
  REGEX("a regular expression of Java");

  private final Optional<String> pattern;
  private final String words;

  Syntax(String words) {
    this.pattern = Optional.empty();
    this.words = words;
  }

  Syntax(String pattern, String words) {
    this.pattern = Optional.of(pattern);
    this.words = words;
  }

  /**
   * A regular expression for the whole of a text, in the language that Java and ECMAScript share.
   * All texts that read well match it. Those that match it and yet do not read well are out of some
   * range, or need a closer look. Empty where there is nothing to match.
   */
  public Optional<String> pattern() {
    return pattern;
  }

  /** What it is, with an article and often an example: {@code a size such as 256MiB or 1GiB}. */
  public String words() {
    return words;
  }
}
