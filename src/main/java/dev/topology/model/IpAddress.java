package dev.topology.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address, never a name: making one asks no resolver.
 *
 * @param inet the address
 */
public record IpAddress(InetAddress inet) {

  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  /** Runs of two or more groups of zeros; the longest is left out in print. */
  private static final Pattern ZEROS = Pattern.compile("(^|:)0(:0)+(:|$)");

  /** 127.0.0.1, where host ports are bound unless the user says otherwise. */
  public static final IpAddress LOOPBACK = parse("127.0.0.1").orElseThrow();

  /** The address a literal spells, if it spells one. Octets with leading zeros do not. */
  public static Optional<IpAddress> parse(String text) {
    if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new IpAddress(InetAddress.getByName(text)));
    } catch (UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }

  /** The address of 4 or 16 bytes, the most significant first. */
  public static IpAddress of(byte[] bytes) {
    try {
      return new IpAddress(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes: " + bytes.length, e);
    }
  }

  /** Whether it is an IPv6 address. */
  public boolean isV6() {
    return inet instanceof Inet6Address;
  }

  /**
   * Whether one port cannot be listened at on both: they are the same, or one of them stands for
   * the other too. {@code ::} stands for all addresses, IPv4 included, as a socket bound to it is
   * unless it asks for less (ipv6(7), IPV6_V6ONLY); {@code 0.0.0.0} for those of IPv4.
   */
  public boolean sharesPortsWith(IpAddress other) {
    return equals(other) || covers(other) || other.covers(this);
  }

  private boolean covers(IpAddress other) {
    return inet.isAnyLocalAddress() && (isV6() || !other.isV6());
  }

  /** As it is written before a colon and a port: {@code 127.0.0.1}, {@code [::1]}. */
  public String beforePort() {
    return isV6() ? "[" + this + "]" : toString();
  }

  // Spelled out, for the methods of records are generated at their first use, which takes a start
  // of the command several milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that && inet.equals(that.inet);
  }

  @Override
  public int hashCode() {
    return inet.hashCode();
  }

  /** The literal, IPv6 without brackets and as RFC 5952 shortens it: {@code fd00:3::1}. */
  @Override
  public String toString() {
    String text = inet.getHostAddress();
    return isV6() ? shortened(text) : text;
  }

  private static String shortened(String text) {
    return ZEROS
        .matcher(text)
        .results()
        .max(Comparator.comparing(IpAddress::groups).thenComparing(it -> -it.start()))
        .map(it -> text.substring(0, it.start()) + "::" + text.substring(it.end()))
        .orElse(text);
  }

  private static long groups(MatchResult zeros) {
    return zeros.group().chars().filter(it -> it == '0').count();
  }
}
