package dev.topology.load;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key {@code ready} of a node, as written. */
record ReadyDocument(
    @Example("'login: $'") @Form(Syntax.REGEX) @Nullable String console,
    @Example("22") @Min(1) @Max(65535) @Nullable Integer port,
    @Example("results") @Form(Syntax.CHANNEL_NAME) @Nullable String channel,
    @Example("60s") @Form(Syntax.DURATION) @Nullable String within) {

  /** The keys of the conditions that are given, in the order of the language reference. */
  List<String> conditions() {
    List<String> given = new ArrayList<>();
    if (console != null) {
      given.add("console");
    }
    if (port != null) {
      given.add("port");
    }
    if (channel != null) {
      given.add("channel");
    }
    return given;
  }

  /** These keys laid over others: one's own condition replaces the one below, whatever its kind. */
  ReadyDocument over(ReadyDocument below) {
    String time = within != null ? within : below.within;
    return conditions().isEmpty()
        ? new ReadyDocument(below.console, below.port, below.channel, time)
        : new ReadyDocument(console, port, channel, time);
  }
}
