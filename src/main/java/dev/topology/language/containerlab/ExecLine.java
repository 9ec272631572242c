package dev.topology.language.containerlab;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command that containerlab runs in a container. Those that set up interfaces and routes have
 * keys of their own here: see ip-address(8) and ip-route(8).
 */
final class ExecLine {

  private static final Pattern UP = Pattern.compile("ip link set (dev )?(\\S+) up");
  private static final Pattern ADDRESS =
      Pattern.compile("ip (-[46] )?(?:addr|address|a) add (\\S+) dev (\\S+)");
  private static final Pattern ROUTE =
      Pattern.compile("ip (-[46] )?(?:route|r) (?:add|replace) (\\S+) via (\\S+)( dev \\S+)?");
  private static final Pattern FORWARD =
      Pattern.compile("sysctl (-w )?net\\.ipv4\\.(ip_forward|conf\\.all\\.forwarding) ?= ?1");

  private ExecLine() {}

  /** Takes an address out of a command, if that is what it is about. */
  static boolean isAddress(String command, GuestBuilder guest) {
    Matcher matcher = ADDRESS.matcher(command);
    Optional<InterfaceAddress> address =
        matcher.matches() ? InterfaceAddress.parse(matcher.group(2)) : Optional.empty();
    if (address.isEmpty() || !guest.hasCableAt(matcher.group(3))) {
      return false;
    }
    guest.address(matcher.group(3), address.get());
    return true;
  }

  /** Takes a route, or whether packets are forwarded, if that is what it is about. */
  static boolean isSetting(String command, GuestBuilder guest) {
    Matcher route = ROUTE.matcher(command);
    if (route.matches()) {
      return isRoute(route.group(2), route.group(3), guest);
    }
    if (FORWARD.matcher(command).matches()) {
      guest.forward(true);
      return true;
    }
    Matcher up = UP.matcher(command);
    return up.matches() && guest.hasCableAt(up.group(2));
  }

  private static boolean isRoute(String destination, String via, GuestBuilder guest) {
    Optional<IpAddress> gateway = IpAddress.parse(via);
    if (gateway.isEmpty() || !guest.reaches(gateway.get())) {
      return false;
    }
    String to = destination;
    if (!destination.equals("default")) {
      boolean isNetwork = destination.contains("/");
      String length = gateway.get().isV6() ? "/128" : "/32";
      Optional<InterfaceAddress> network =
          InterfaceAddress.parse(isNetwork ? destination : destination + length);
      if (network.isEmpty() || network.get().address().isV6() != gateway.get().isV6()) {
        return false;
      }
      to = network.get().network().toString();
    }
    guest.route(to, via);
    return true;
  }
}
