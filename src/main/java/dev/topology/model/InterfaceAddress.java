package dev.topology.model;

import java.util.Arrays;
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
    byte[] theirs = other.inet().getAddress();
    return theirs.length == address.inet().getAddress().length
        && Arrays.equals(network().address.inet().getAddress(), masked(theirs, 0));
  }

  /** Whether the two networks have an address in common. */
  public boolean overlaps(InterfaceAddress other) {
    return prefixLength <= other.prefixLength ? covers(other.address) : other.covers(address);
  }

  /** Its network: the same prefix with nothing after it, {@code 10.0.3.0/24}. */
  public InterfaceAddress network() {
    return new InterfaceAddress(IpAddress.of(masked(address.inet().getAddress(), 0)), prefixLength);
  }

  /** Whether it is the first address of its network, which stands for all of it. */
  public boolean isNetwork() {
    return address.equals(network().address);
  }

  /** Whether it is the last address of its network: in IPv4, the broadcast address. */
  public boolean isBroadcast() {
    return address.equals(IpAddress.of(masked(address.inet().getAddress(), 0xFF)));
  }

  /** The bytes with everything after the prefix replaced by bits of the filler. */
  private byte[] masked(byte[] bytes, int filler) {
    byte[] masked = bytes.clone();
    for (int at = 0; at < masked.length; at++) {
      int kept = Math.max(0, Math.min(8, prefixLength - 8 * at));
      int mask = 0xFF << (8 - kept) & 0xFF;
      masked[at] = (byte) ((masked[at] & mask) | (filler & ~mask));
    }
    return masked;
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
