package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Fills {@code ${VAR}}, {@code ${VAR:-fallback}} and {@code ${VAR:?message}} in; {@code $$} becomes
 * a dollar sign. Without the colon, an empty variable counts as set, as in a shell. Any other
 * dollar sign stays as it is, so that {@code login: $} and {@code $(date)} need no escape.
 */
public final class Interpolation {

  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$\\$|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?<operator>:?[-?])(?<word>[^{}]*))?}|\\$\\{");

  private final Map<String, String> environment;
  private final Report report;

  public Interpolation(Map<String, String> environment, Report report) {
    this.environment = environment;
    this.report = report;
  }

  /** The names of the variables that a whole file may fill in. */
  public static Set<String> namesIn(String text) {
    return VARIABLE
        .matcher(text)
        .results()
        .map(it -> it.group(1))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** The text with its variables filled in; empty where one could not be, which is reported. */
  Optional<String> fill(String text, Location location) {
    if (text.indexOf('$') < 0) {
      return Optional.of(text);
    }
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      Optional<String> value = value(matcher, location);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value.get()));
    }
    return Optional.of(matcher.appendTail(filled).toString());
  }

  private Optional<String> value(Matcher matcher, Location location) {
    String name = matcher.group("name");
    if (name != null) {
      return variable(name, matcher, location);
    }
    if (matcher.group().equals("$$")) {
      return Optional.of("$");
    }
    report.add(
        Diagnostic.of(DiagnosticId.BAD_VARIABLE, location, "\"${\" does not start a variable here")
            .hint("write ${NAME}, ${NAME:-fallback} or ${NAME:?message}; a literal ${ is $${"));
    return Optional.empty();
  }

  private Optional<String> variable(String name, Matcher matcher, Location location) {
    String value = environment.get(name);
    String operator = Optional.ofNullable(matcher.group("operator")).orElse("");
    String word = Optional.ofNullable(matcher.group("word")).orElse("");
    boolean usable = value != null && !(operator.startsWith(":") && value.isEmpty());
    if (usable) {
      return Optional.ofNullable(value);
    }
    return operator.endsWith("-") ? Optional.of(word) : unset(name, word, location);
  }

  private Optional<String> unset(String name, String word, Location location) {
    String message = "variable " + Quote.of(name) + " is not set in the environment";
    report.add(
        Diagnostic.of(DiagnosticId.UNSET_VARIABLE, location, message)
            .hint(
                word.isEmpty()
                    ? "set it, or write ${" + name + ":-fallback}; a literal $ is $$"
                    : word));
    return Optional.empty();
  }
}
