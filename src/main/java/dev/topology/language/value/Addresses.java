package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_ADDRESS;
import static dev.topology.source.DiagnosticId.BAD_MAC;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.source.Quote;
import java.util.List;
import java.util.Optional;

/** Parses addresses of IP networks and of Ethernet. */
public final class Addresses {

  private static final String NONE = "none";
  private static final String DHCP = "dhcp";

  /** The user-mode host network of every node that has one. */
  public static final InterfaceAddress HOST_NETWORK =
      InterfaceAddress.parse("10.42.0.0/24").orElseThrow();

  private static final MacAddress HOST_INTERFACE_MAC = new MacAddress("02:72:82:bf:c3:56");
  private static final MacAddress ZERO_MAC = new MacAddress("00:00:00:00:00:00");

  private Addresses() {}

  static Parsed<IpAddress> ip(String text) {
    return IpAddress.parse(text)
        .map(Parsed::value)
        .orElseGet(
            () ->
                Parsed.wrong(
                    BAD_ADDRESS,
                    Quote.of(text) + " is not an IP address",
                    text.contains("/") ? "without a prefix length" : "such as 10.64.0.1"));
  }

  /** What the end of a cable says of its address: one with its prefix length, dhcp, or none. */
  static Parsed<EndAddress> endAddress(String text) {
    return switch (text) {
      case NONE -> Parsed.value(new EndAddress(Optional.empty(), false));
      case DHCP -> Parsed.value(new EndAddress(Optional.empty(), true));
      default ->
          cableAddress(text).then(it -> Parsed.value(new EndAddress(Optional.of(it), false)));
    };
  }

  /**
   * What the end of a cable says of its address.
   *
   * @param given an address with its prefix length; empty for {@code none} and {@code dhcp}
   * @param isDhcp whether the guest asks there for one
   */
  public record EndAddress(Optional<InterfaceAddress> given, boolean isDhcp) {

    /** Whether it is to have no address. */
    public boolean isNone() {
      return given.isEmpty() && !isDhcp;
    }
  }

  /** An address that an interface can have, with its prefix length. */
  private static Parsed<InterfaceAddress> cableAddress(String text) {
    return InterfaceAddress.parse(text).map(Addresses::usable).orElseGet(() -> noAddress(text));
  }

  private static Parsed<InterfaceAddress> usable(InterfaceAddress it) {
    Optional<String> flaw = flaw(it);
    return flaw.isEmpty()
        ? Parsed.value(it)
        : Parsed.wrong(
            BAD_ADDRESS,
            Quote.of(it.toString()) + " is " + flaw.get(),
            "give the interface an address of its own");
  }

  private static Optional<String> flaw(InterfaceAddress it) {
    if (it.address().inet().isAnyLocalAddress()) {
      return Optional.of("no address");
    }
    if (it.address().inet().isMulticastAddress()) {
      return Optional.of("a multicast address");
    }
    if (it.address().inet().isLoopbackAddress()) {
      return Optional.of("a loopback address");
    }
    boolean hasHosts = !it.address().isV6() && it.prefixLength() < 31;
    if (hasHosts && it.isNetwork()) {
      return Optional.of("the network itself");
    }
    return hasHosts && it.isBroadcast()
        ? Optional.of("the broadcast address of its network")
        : Optional.empty();
  }

  /** A network that interfaces can have addresses of: room for two, and none that is special. */
  static Parsed<InterfaceAddress> subnet(String text) {
    Optional<InterfaceAddress> network = InterfaceAddress.parse(text);
    if (network.isEmpty()) {
      return Parsed.wrong(
          BAD_ADDRESS, Quote.of(text) + " is not a network", "such as 10.1.0.0/24 or fd00:1::/64");
    }
    InterfaceAddress it = network.get();
    if (!it.isNetwork()) {
      return Parsed.wrong(
          BAD_ADDRESS,
          Quote.of(text) + " is an address inside a network",
          "its network is " + it.network());
    }
    int longest = it.address().isV6() ? 126 : 30;
    boolean isSpecial =
        it.address().inet().isMulticastAddress() || it.address().inet().isLoopbackAddress();
    return it.prefixLength() > longest || it.prefixLength() == 0 || isSpecial
        ? Parsed.wrong(
            BAD_ADDRESS,
            Quote.of(text) + " has no addresses for the ends of a switch",
            "such as 10.1.0.0/24; a prefix length is " + longest + " at most")
        : Parsed.value(it);
  }

  private static Parsed<InterfaceAddress> noAddress(String text) {
    return Parsed.wrong(
        BAD_ADDRESS,
        Quote.of(text) + " is not an address with a prefix length",
        IpAddress.parse(text)
            .map(it -> "did you mean \"" + it + (it.isV6() ? "/64" : "/24") + "\"?")
            .or(() -> prefixHint(text))
            .or(() -> Nearest.hint(text, List.of(NONE, DHCP)))
            .orElse("such as 10.0.3.1/24 or fd00:3::1/64"));
  }

  private static Optional<String> prefixHint(String text) {
    return IpAddress.parse(text.substring(0, Math.max(0, text.indexOf('/'))))
        .map(it -> "a prefix length is from 0 to " + (it.isV6() ? 128 : 32));
  }

  /** The word {@code none}: the cable is not given addresses. */
  static Parsed<String> none(String text) {
    return text.equals(NONE)
        ? Parsed.value(text)
        : Parsed.wrong(
            BAD_ADDRESS,
            "a cable has no address of its own",
            "its ends do: {node: left, address: 10.0.3.1/24}; \"address: none\" leaves both without");
  }

  static Parsed<MacAddress> mac(String text) {
    Optional<MacAddress> mac = MacAddress.parse(text);
    if (mac.isEmpty()) {
      Optional<MacAddress> meant = MacAddress.parse(text.replace('-', ':'));
      return Parsed.wrong(
          BAD_MAC,
          Quote.of(text) + " is not a MAC address",
          meant.map(it -> "did you mean \"" + it + "\"?").orElse("such as 02:00:00:00:00:01"));
    }
    if (mac.get().isMulticast() || mac.get().equals(ZERO_MAC)) {
      return Parsed.wrong(
          BAD_MAC,
          mac.get() + " cannot be the address of an interface",
          mac.get().isMulticast()
              ? "it is a multicast address: the first pair must be even, such as 02"
              : "such as 02:00:00:00:00:01");
    }
    return mac.get().equals(HOST_INTERFACE_MAC)
        ? Parsed.wrong(
            BAD_MAC,
            mac.get() + " is the address of every host interface",
            "such as 02:00:00:00:00:01")
        : Parsed.value(mac.get());
  }

  /**
   * Where a route leads.
   *
   * @param network empty for {@code default}
   */
  public record Destination(Optional<InterfaceAddress> network) {

    private static final String DEFAULT = "default";

    static Parsed<Destination> parse(String text) {
      if (text.equals(DEFAULT)) {
        return Parsed.value(new Destination(Optional.empty()));
      }
      Optional<InterfaceAddress> network = InterfaceAddress.parse(text);
      if (network.isEmpty()) {
        return Parsed.wrong(
            BAD_ADDRESS,
            Quote.of(text) + " is not a network",
            IpAddress.parse(text)
                .map(it -> "a single address is " + it + "/" + (it.isV6() ? 128 : 32))
                .or(() -> Nearest.hint(text, List.of(DEFAULT)))
                .orElse("such as 10.0.4.0/24 or default"));
      }
      return network.get().isNetwork()
          ? Parsed.value(new Destination(Optional.of(network.get().network())))
          : Parsed.wrong(
              BAD_ADDRESS,
              Quote.of(text) + " is an address inside a network",
              "its network is " + network.get().network());
    }

    /** As it is written: {@code 10.0.4.0/24}, {@code default}. */
    @Override
    public String toString() {
      return network.map(InterfaceAddress::toString).orElse(DEFAULT);
    }
  }
}
