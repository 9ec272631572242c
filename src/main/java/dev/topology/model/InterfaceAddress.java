package dev.topology.model;

import java.util.Optional;

/**
 * An address of an interface with the length of its network prefix: {@code 10.0.3.1/24}.
 *
 * @param address the interface's own address
 * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record InterfaceAddress(IpAddress address, int prefixLength) {

  /** The address and prefix a text spells, if it spells both. */
  public static Optional<InterfaceAddress> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
      return Optional.empty();
    }
    int prefixLength = Integer.parseInt(text.substring(slash + 1));
    return IpAddress.parse(text.substring(0, slash))
        .filter(address -> prefixLength <= (address.isV6() ? 128 : 32))
        .map(address -> new InterfaceAddress(address, prefixLength));
  }

  /** Whether another address lies in this one's network, so that it is reached without a router. */
  public boolean covers(IpAddress other) {
    byte[] mine = address.inet().getAddress();
    byte[] theirs = other.inet().getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
