package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_ADDRESS;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.source.Quote;
import java.util.List;
import java.util.Optional;

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
