package dev.topology.language.document;

import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.value.ValueType;
import dev.topology.model.Readiness.Condition.HttpAnswer;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The key {@code ready} of a node, as written; absent keys are null. */
@Key.Alternatives({"console", "port", "channel", "exec", "http"})
public record ReadyDocument(
    @Key(
            value =
                "Ready when this regular expression is found in what the console says; `^` and "
                    + "`$` match at the ends of lines.",
            example = "'login: $'",
            type = ValueType.REGEX)
        @Nullable Pattern console,
    @Key(
            value = "Ready when something in the guest accepts TCP connections on this port.",
            example = "22")
        @Min(1)
        @Max(65535)
        @Nullable Integer port,
    @Key(
            value = "Ready when the guest has sent a first byte on this one of its `channels`.",
            example = "results",
            type = ValueType.CHANNEL_NAME)
        @Nullable String channel,
    @Key(
            value =
                "Ready when this command, run in the guest again and again, ends with status 0: a "
                    + "text for the shell, or a list of a program and its arguments.",
            example = "test -e /run/up")
        @Nullable CommandDocument exec,
    @Key(
            value =
                "Ready when a GET of HTTP, sent again and again, is answered with a status from 200 "
                    + "to 399: a port of the guest, then the path.",
            example = "80/health",
            type = ValueType.HTTP_PATH)
        @Nullable HttpAnswer http,
    @Key(
            value =
                "How long it may take: whole or decimal numbers with ms, s, m or h, such as "
                    + "`90s` or `1m30s`, 7 days at most.",
            example = "60s",
            without = "`60s`; longer where there is no KVM",
            type = ValueType.DURATION)
        @Nullable Duration within) {

  /** The keys of the conditions that are given, in the order of the language reference. */
  public List<String> conditions() {
    List<String> given = new ArrayList<>();
    addIfGiven("console", console, given);
    addIfGiven("port", port, given);
    addIfGiven("channel", channel, given);
    addIfGiven("exec", exec, given);
    addIfGiven("http", http, given);
    return given;
  }

  private static void addIfGiven(String key, @Nullable Object value, List<String> given) {
    if (value != null) {
      given.add(key);
    }
  }

  /** These keys laid over others: a condition replaces the one below, also one of another kind. */
  public ReadyDocument over(ReadyDocument below) {
    Duration time = within != null ? within : below.within;
    ReadyDocument from = conditions().isEmpty() ? below : this;
    return new ReadyDocument(from.console, from.port, from.channel, from.exec, from.http, time);
  }
}
