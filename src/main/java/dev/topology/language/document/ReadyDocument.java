package dev.topology.language.document;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key {@code ready} of a node, as written. */
@Alternatives({"console", "port", "channel"})
public record ReadyDocument(
    @Key(
            value =
                "Ready when this regular expression is found in what the console says; `^` and "
                    + "`$` match at the ends of lines.",
            example = "'login: $'")
        @Form(Syntax.REGEX)
        @Nullable String console,
    @Key(
            value = "Ready when something in the guest accepts TCP connections on this port.",
            example = "22")
        @Min(1)
        @Max(65535)
        @Nullable Integer port,
    @Key(
            value = "Ready when the guest has sent a first byte on this one of its `channels`.",
            example = "results")
        @Form(Syntax.CHANNEL_NAME)
        @Nullable String channel,
    @Key(
            value =
                "How long it may take: whole or decimal numbers with ms, s, m or h, such as "
                    + "`90s` or `1m30s`, 7 days at most.",
            example = "60s",
            without = "`60s`; longer where there is no KVM")
        @Form(Syntax.DURATION)
        @Nullable String within) {

  /** The keys of the conditions that are given, in the order of the language reference. */
  public List<String> conditions() {
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
  public ReadyDocument over(ReadyDocument below) {
    String time = within != null ? within : below.within;
    return conditions().isEmpty()
        ? new ReadyDocument(below.console, below.port, below.channel, time)
        : new ReadyDocument(console, port, channel, time);
  }
}
