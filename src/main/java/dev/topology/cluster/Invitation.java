package dev.topology.cluster;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent is started with: one line on its standard input, or in a file of mode 0600. Never
 * an argument or an environment variable, which others on the machine can read. As text: {@code
 * topology-agent 1 HOST:PORT FINGERPRINT TOKEN}.
 *
 * @param host where the coordinator listens, a name or an address, IPv6 without brackets
 * @param port likewise
 * @param fingerprint of the coordinator's certificate, 64 digits
 * @param token by which the agent proves itself, good once, 64 digits
 */
record Invitation(String host, int port, String fingerprint, String token) {

  private static final String WORD = "topology-agent 1";

  private static final Pattern FORM =
      Pattern.compile(
          WORD
              + " (?:\\[([0-9a-fA-F:.%]+)]|([^\\s:\\[\\]]+)):([0-9]{1,5}) ([0-9a-f]{64}) ([0-9a-f]{64})");

  private static final int TOKEN_BYTES = 32;

  /** Reads a line; empty if it is none, of which nothing is said: it may hold a token. */
  static Optional<Invitation> parse(String line) {
    Matcher matcher = FORM.matcher(line.strip());
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
      return Optional.empty();
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return Optional.of(
        new Invitation(
            host, Integer.parseInt(matcher.group(3)), matcher.group(4), matcher.group(5)));
  }

  /** A token that nobody can guess. */
  static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Whether two tokens are the same, found out in the same time whatever they are. */
  static boolean isSameToken(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  /** The line. Not {@code toString}, which might find its way into a message. */
  String line() {
    String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    return String.join(" ", WORD, address, fingerprint, token);
  }

  @Override
  public String toString() {
    return "an invitation of " + host + ":" + port;
  }
}
