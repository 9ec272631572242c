package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_ADDRESS;
import static dev.topology.source.DiagnosticId.BAD_PORT;
import static dev.topology.source.DiagnosticId.OUT_OF_RANGE;

import dev.topology.language.value.Ports.ServiceTarget.Tcp;
import dev.topology.model.CableEnd.Outside.Peer;
import dev.topology.model.IpAddress;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness.Condition.HttpAnswer;
import dev.topology.source.Quote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses ports, alone and with their addresses. */
public final class Ports {

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]*");
  private static final Pattern GUEST_PORT = Pattern.compile("([^/]*)(?:/(tcp|udp))?");

  /** As Docker has it: the host's port, then the container's. */
  private static final Pattern PAIR = Pattern.compile("([1-9][0-9]*):([1-9][0-9]*)");

  private static final Pattern ADDRESS_AND_PORT =
      Pattern.compile("(?:\\[(?<v6>[^\\]]*)]|(?<host>[^:\\[\\]]*)):(?<port>[^:]*)");
  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]*[A-Za-z0-9])*");

  private static final Pattern HTTP_PATH = Pattern.compile("([^/]*)(/[!-~]*)?");
  private static final String HTTP_FORMS =
      "such as 80/health: the guest's port, then the path that is asked for";

  private static final String UNIX = "unix:";

  private static final String HOST_PORT_FORMS = "such as 8080, auto, same or 0.0.0.0:8080";

  /** SLIRP's own addresses and the guest's: DHCP starts at .10, and there is only one guest. */
  private static final Map<String, String> TAKEN =
      Map.of(
          "10.42.0.0", "the network itself",
          "10.42.0.2", "the host",
          "10.42.0.3", "the name server",
          "10.42.0.10", "the guest itself",
          "10.42.0.255", "the broadcast address");

  private Ports() {}

  static Parsed<GuestPort> guestPort(String text) {
    Matcher matcher = GUEST_PORT.matcher(text);
    Matcher pair = PAIR.matcher(text);
    if (pair.matches()) {
      return Parsed.wrong(
          BAD_PORT,
          Quote.of(text) + " is not a port of a guest",
          "the guest's port comes first, the host's second: "
              + pair.group(2)
              + ": "
              + pair.group(1));
    }
    if (!matcher.matches()) {
      return Parsed.wrong(
          BAD_PORT, Quote.of(text) + " is not a port of a guest", "such as 22, 22/tcp or 53/udp");
    }
    Protocol protocol = "udp".equals(matcher.group(2)) ? Protocol.UDP : Protocol.TCP;
    return number(matcher.group(1), text, "such as 22, 22/tcp or 53/udp")
        .then(number -> Parsed.value(new GuestPort(protocol, number)));
  }

  /** A path that is asked for by HTTP at a port of the guest: {@code 80/health}. */
  static Parsed<HttpAnswer> httpPath(String text) {
    Matcher matcher = HTTP_PATH.matcher(text);
    if (!matcher.matches()) {
      return Parsed.wrong(
          BAD_PORT, Quote.of(text) + " is not a port of a guest with a path", HTTP_FORMS);
    }
    String path = matcher.group(2) == null ? "/" : matcher.group(2);
    return number(matcher.group(1), text, HTTP_FORMS)
        .then(port -> Parsed.value(new HttpAnswer(port, path)));
  }

  static Parsed<HostPort> hostPort(String text) {
    if (text.indexOf(':') < 0) {
      return hostPort(IpAddress.LOOPBACK, text, text);
    }
    Matcher matcher = ADDRESS_AND_PORT.matcher(text);
    if (!matcher.matches()) {
      return Parsed.wrong(BAD_PORT, Quote.of(text) + " is not a port of the host", HOST_PORT_FORMS);
    }
    return bindAddress(matcher).then(address -> hostPort(address, matcher.group("port"), text));
  }

  /** An address, not a name: no resolver is asked before a port is bound. */
  private static Parsed<IpAddress> bindAddress(Matcher matcher) {
    boolean isV6 = matcher.group("v6") != null;
    String host = isV6 ? matcher.group("v6") : matcher.group("host");
    return IpAddress.parse(host)
        .map(Parsed::value)
        .orElseGet(
            () ->
                Parsed.wrong(
                    BAD_ADDRESS,
                    Quote.of(host) + " is not an address of the host",
                    host.equals("localhost")
                        ? "write 127.0.0.1, or the port alone, which means the same"
                        : isV6
                            ? "such as [::1]:8080, or [::]:8080 for all addresses"
                            : HOST_PORT_FORMS));
  }

  private static Parsed<HostPort> hostPort(IpAddress address, String port, String whole) {
    return switch (port) {
      case "auto" -> Parsed.value(new HostPort(address, OptionalInt.empty(), false));
      case "same" -> Parsed.value(new HostPort(address, OptionalInt.empty(), true));
      case "0" ->
          Parsed.wrong(OUT_OF_RANGE, "port 0 is out of range", "for a free port, write \"auto\"");
      default ->
          number(port, whole, hostPortHint(port))
              .then(it -> Parsed.value(new HostPort(address, OptionalInt.of(it), false)));
    };
  }

  private static String hostPortHint(String port) {
    return Nearest.hint(port, List.of("auto", "same")).orElse(HOST_PORT_FORMS);
  }

  /** The guest's side of a service: inside the host network, where nothing else is. */
  static Parsed<ServiceAddress> serviceAddress(String text) {
    String forms =
        text.endsWith("/udp")
            ? "a service is reached over TCP only, such as 10.42.0.100:5000"
            : "such as 10.42.0.100:5000";
    return addressAndPort(text, forms).then(Ports::insideHostNetwork);
  }

  private static Parsed<ServiceAddress> insideHostNetwork(Tcp it) {
    Optional<IpAddress> inside = IpAddress.parse(it.host()).filter(Addresses.HOST_NETWORK::covers);
    String taken = TAKEN.get(it.host());
    if (inside.isPresent() && taken == null) {
      return Parsed.value(new ServiceAddress(inside.get(), it.port()));
    }
    String hint = "free addresses are 10.42.0.11 to 10.42.0.254";
    return inside.isPresent()
        ? Parsed.wrong(
            BAD_ADDRESS, it.host() + " is " + taken + ", so no service can be there", hint)
        : Parsed.wrong(
            BAD_ADDRESS,
            Quote.of(it.host())
                + " is not an address of the host network "
                + Addresses.HOST_NETWORK,
            hint);
  }

  /** The host's side of a service. */
  static Parsed<ServiceTarget> serviceTarget(String text) {
    return text.startsWith(UNIX)
        ? HostPath.parse(text.substring(UNIX.length()))
            .then(it -> Parsed.value(new ServiceTarget.UnixSocket(it)))
        : addressAndPort(text, targetHint(text)).then(it -> Parsed.value(it));
  }

  /** Where the frames of a cable go over UDP. */
  static Parsed<Peer> udpPeer(String text) {
    return addressAndPort(text, "such as 192.0.2.7:5001 or \"[2001:db8::7]:5001\"")
        .then(it -> Parsed.value(new Peer(it.host(), it.port())));
  }

  private static String targetHint(String text) {
    return text.indexOf('/') >= 0 && text.indexOf(':') < 0
        ? "did you mean \"" + UNIX + text + "\"?"
        : "such as 127.0.0.1:5000, \"[::1]:5000\" or unix:app.sock";
  }

  private static Parsed<Tcp> addressAndPort(String text, String forms) {
    Matcher matcher = ADDRESS_AND_PORT.matcher(text);
    if (!matcher.matches()) {
      return Parsed.wrong(BAD_PORT, Quote.of(text) + " is not an address with a port", forms);
    }
    String v6 = matcher.group("v6");
    String host = v6 == null ? matcher.group("host") : v6;
    boolean valid =
        v6 == null ? HOST_NAME.matcher(host).matches() : IpAddress.parse(host).isPresent();
    if (!valid || looksLikeBadV4(host)) {
      return Parsed.wrong(BAD_ADDRESS, Quote.of(host) + " is not an address or host name", forms);
    }
    return number(matcher.group("port"), text, forms)
        .then(port -> Parsed.value(new Tcp(host, port)));
  }

  private static boolean looksLikeBadV4(String host) {
    return host.matches("[0-9.]+") && IpAddress.parse(host).isEmpty();
  }

  private static Parsed<Integer> number(String text, String whole, String forms) {
    if (!NUMBER.matcher(text).matches()) {
      String plain = text.replaceFirst("^0+(?=[1-9][0-9]*$)", "");
      boolean isPadded = NUMBER.matcher(plain).matches();
      return Parsed.wrong(
          BAD_PORT,
          Quote.of(whole) + " is not a port",
          isPadded ? "write " + plain + ", without the zero in front" : forms);
    }
    boolean fits = text.length() <= 5 && !text.equals("0") && Integer.parseInt(text) <= 65_535;
    return fits
        ? Parsed.value(Integer.parseInt(text))
        : Parsed.wrong(OUT_OF_RANGE, "port " + text + " is out of range", "from 1 to 65535");
  }

  /**
   * A port of a guest: {@code 53/udp}.
   *
   * @param protocol TCP where none is written
   * @param number 1 to 65535
   */
  public record GuestPort(Protocol protocol, int number) {

    @Override
    public String toString() {
      return number + "/" + protocol;
    }
  }

  /**
   * Where a guest's port is found on the host: {@code auto}, {@code same}, {@code 0.0.0.0:8080}.
   *
   * @param address where it is bound
   * @param number empty for {@code auto} and {@code same}
   * @param same whether it is the guest's port
   */
  public record HostPort(IpAddress address, OptionalInt number, boolean same) {

    /** The host's port, for a port of the guest; empty if the kernel chooses. */
    public OptionalInt numberFor(int guestPort) {
      return same ? OptionalInt.of(guestPort) : number;
    }
  }

  /**
   * Where a guest finds a service of the host: {@code 10.42.0.100:5000}.
   *
   * @param address in the host network, and free
   * @param port 1 to 65535
   */
  public record ServiceAddress(IpAddress address, int port) {}

  /** Where a service is on the host. */
  public sealed interface ServiceTarget {

    /**
     * At a TCP port: {@code 127.0.0.1:5000}.
     *
     * @param host an address or name, IPv6 without brackets
     * @param port 1 to 65535
     */
    record Tcp(String host, int port) implements ServiceTarget {}

    /** At a Unix socket: {@code unix:app.sock}. */
    record UnixSocket(HostPath path) implements ServiceTarget {}
  }
}
