package dev.topology.language.containerlab;

import dev.topology.language.containerlab.Import.Findings;
import dev.topology.language.containerlab.Value.Layers;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Translates the network that a container shares with its host into the host network of a guest.
 */
final class NetworkTranslation {

  /** docker-run(1), --publish: [[address:]host ports:]container ports[/protocol]. */
  private static final Pattern PORT =
      Pattern.compile(
          "(?:(?:(\\d+\\.\\d+\\.\\d+\\.\\d+):)?(\\d{1,5})(?:-(\\d{1,5}))?:)?"
              + "(\\d{1,5})(?:-(\\d{1,5}))?(?:/(tcp|udp))?");

  private static final int MOST_OF_A_RANGE = 100;

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
              ? "\"" + value.text() + "\" is no TCP or UDP port"
              : "the node has no host network",
          "write an entry of \"ports\" for each");
      return;
    }
    String address = matcher.group(1) == null ? "0.0.0.0" : matcher.group(1);
    boolean isUdp = "udp".equals(matcher.group(6));
    List<Integer> guests = range(matcher.group(4), matcher.group(5));
    List<Integer> hosts = range(matcher.group(2), matcher.group(3));
    if (guests.isEmpty() || (!hosts.isEmpty() && hosts.size() != guests.size())) {
      findings.add(
          value,
          "ports",
          "it is no range of up to " + MOST_OF_A_RANGE + " ports on both sides",
          "write an entry of \"ports\" for each");
      return;
    }
    if (isUdp) {
      guest.openHostNetwork();
    }
    for (int i = 0; i < guests.size(); i++) {
      String host = hosts.isEmpty() ? "auto" : hosts.get(i).toString();
      guest.port(guests.get(i) + (isUdp ? "/udp" : ""), address + ":" + host);
    }
  }

  /** Empty where there is no first port, or too many of them. */
  private static List<Integer> range(@Nullable String first, @Nullable String last) {
    if (first == null) {
      return List.of();
    }
    int from = Integer.parseInt(first);
    int to = last == null ? from : Integer.parseInt(last);
    return to < from || to - from >= MOST_OF_A_RANGE
        ? List.of()
        : IntStream.rangeClosed(from, to).boxed().toList();
  }
}
