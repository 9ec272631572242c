package dev.topology.language.containerlab;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the host network of a guest of what a container has with its host. */
final class NetworkTranslation {

  /** docker-run(1), --publish, but for ranges: [[address:]host port:]container port[/protocol]. */
  private static final Pattern PORT =
      Pattern.compile("(?:(?:(\\d+\\.\\d+\\.\\d+\\.\\d+):)?(\\d+):)?(\\d+)(?:/(tcp|udp))?");

  private final Findings findings;

  NetworkTranslation(Findings findings) {
    this.findings = findings;
  }

  void translate(Layers layers, GuestBuilder guest) {
    Optional<Value> mode = layers.get("network-mode");
    if (mode.isPresent() && mode.get().text().equals("none")) {
      guest.switchHostNetworkOff();
    } else {
      mode.ifPresent(
          it ->
              findings.add(
                  it,
                  "network-mode",
                  "a machine shares no network with " + it.text(),
                  "use \"ports\" and \"services\", or a cable"));
    }
    layers.items("ports").forEach(it -> port(it, guest));
  }

  private void port(Value value, GuestBuilder guest) {
    Matcher matcher = PORT.matcher(value.text());
    if (!matcher.matches() || !guest.hasHostNetwork()) {
      findings.add(
          value,
          "ports",
          guest.hasHostNetwork()
              ? "\"" + value.text() + "\" is no single TCP or UDP port"
              : "the node has no host network",
          "write an entry of \"ports\" for each");
      return;
    }
    String host = matcher.group(2) == null ? "auto" : matcher.group(2);
    String address = matcher.group(1) == null ? "0.0.0.0" : matcher.group(1);
    boolean isUdp = "udp".equals(matcher.group(4));
    if (isUdp) {
      guest.openHostNetwork();
    }
    guest.port(matcher.group(3) + (isUdp ? "/udp" : ""), address + ":" + host);
  }
}
