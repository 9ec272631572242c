package dev.topology.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** A time limit as users write it: {@code 90s}, {@code 1.5m}, {@code 2h}, or seconds alone. */
final class TimeLimit {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|min|h|)");

  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "min", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));

  private TimeLimit() {}

  /** More than nothing. */
  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (matcher.matches()) {
      Duration limit = times(matcher.group(1), UNITS.get(matcher.group(2)));
      if (!limit.isZero()) {
        return limit;
      }
    }
    throw new TypeConversionException(
        "\"" + text + "\" is not a time: write it like 90s, 5m or 1h");
  }

  private static Duration times(String number, @Nullable Duration unit) {
    long millis = unit == null ? 0 : unit.toMillis();
    return Duration.ofMillis(
        new BigDecimal(number).multiply(BigDecimal.valueOf(millis)).longValue());
  }
}
