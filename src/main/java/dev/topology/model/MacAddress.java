package dev.topology.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A 48-bit Ethernet address.
 *
 * @param text six lower-case pairs of hexadecimal digits with colons between
 */
public record MacAddress(String text) {

  private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
  private static final int LOCALLY_ADMINISTERED = 0x02;

  public MacAddress {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("not a MAC address: " + text);
    }
    text = text.toLowerCase(Locale.ROOT);
  }

  /** The address a text spells, if it spells one: {@code 02:5e:10:00:00:01}. */
  public static Optional<MacAddress> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new MacAddress(text)) : Optional.empty();
  }

  /**
   * The address of an interface the user gave none: locally administered, unicast, the same every
   * time, and as good as unique, being 40 bits of a hash of all three names.
   */
  public static MacAddress derive(String topology, String node, String interfaceName) {
    long hash = NameHash.of(topology, node, interfaceName);
    byte[] address = ByteBuffer.allocate(Long.BYTES).putLong(hash).array();
    address[0] = LOCALLY_ADMINISTERED;
    return new MacAddress(HexFormat.ofDelimiter(":").formatHex(address, 0, 6));
  }

  /** Whether it names a group of stations, which no interface may call itself. */
  public boolean isMulticast() {
    return (Integer.parseInt(text.substring(0, 2), 16) & 1) != 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
