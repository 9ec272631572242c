package dev.topology.language.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.topology.model.HostNetwork;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code host_network} of a node, as written: whether there is one, or a map of what it is
 * like.
 */
@JsonDeserialize(using = HostNetworkDocument.Reader.class)
public record HostNetworkDocument(boolean isWanted, Settings settings) {

  private static final Settings USUAL = new Settings(null);

  /** What the host network is like, as written; absent keys are null. */
  public record Settings(
      @Key(
              value =
                  "Whether the guest reaches more than the node's `ports` and `services`: the "
                      + "host's loopback, at 10.42.0.2, and every network that the host reaches.",
              example = "true",
              byDefault = "false")
          @Nullable Boolean outside) {}

  /** What a node has that says this, or nothing. */
  public static Optional<HostNetwork> toModel(@Nullable HostNetworkDocument written) {
    boolean outside = written != null && Objects.equals(written.settings.outside(), true);
    return Optional.of(new HostNetwork(outside)).filter(it -> written == null || written.isWanted);
  }

  /** Tells the two forms apart. */
  static final class Reader extends JsonDeserializer<HostNetworkDocument> {

    @Override
    public HostNetworkDocument deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.currentToken().isBoolean()
          ? new HostNetworkDocument(parser.getBooleanValue(), USUAL)
          : new HostNetworkDocument(true, context.readValue(parser, Settings.class));
    }
  }
}
