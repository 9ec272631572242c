package dev.topology.load;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** The key {@code ready} of a node, as written. */
record ReadyDocument(
    @Example("'login: $'") @Form(Syntax.REGEX) @Nullable String console,
    @Example("22") @Min(1) @Max(65535) @Nullable Integer port,
    @Example("results") @NotSupportedYet @Nullable String channel,
    @Example("60s") @Form(Syntax.DURATION) @Nullable String within) {

  /** These keys laid over others: one's own condition replaces the one below, whatever its kind. */
  ReadyDocument over(ReadyDocument below) {
    String time = within != null ? within : below.within;
    return console == null && port == null && channel == null
        ? new ReadyDocument(below.console, below.port, below.channel, time)
        : new ReadyDocument(console, port, channel, time);
  }
}
