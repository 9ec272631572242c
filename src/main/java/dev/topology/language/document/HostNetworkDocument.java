package dev.topology.language.document;

import dev.topology.model.Node.HostNetwork;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key {@code host_network}: whether there is one, or a map of its settings. */
public record HostNetworkDocument(boolean isWanted, Settings settings) {

  /** The host network without further settings, or none. */
  public HostNetworkDocument(boolean isWanted) {
    this(isWanted, new Settings(null));
  }

  /** The map; absent keys are null. */
  public record Settings(
      @Key(
              value =
                  "Whether the guest reaches more than the node's `ports` and `services`: the "
                      + "host's loopback, at 10.42.0.2, and every network that the host reaches.",
              example = "true",
              byDefault = "false")
          @Nullable Boolean outside) {}

  /** The host network of a node that says this, or nothing. */
  public static Optional<HostNetwork> toModel(@Nullable HostNetworkDocument written) {
    boolean outside = written != null && Objects.equals(written.settings.outside(), true);
    return Optional.of(new HostNetwork(outside)).filter(it -> written == null || written.isWanted);
  }
}
