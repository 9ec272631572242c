package dev.topology.cli;

import dev.topology.cli.terminal.Palette.ColorChoice;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/**
 * What the values of options and arguments can be, besides text: paths, time limits, and words of a
 * fixed set, which are the constants of an enumeration in lower case.
 */
final class ArgumentTypes {

  private ArgumentTypes() {}

  /** Registers all of them with a command line. */
  static void register(CommandLine commandLine) {
    commandLine.registerConverter(Duration.class, ArgumentTypes::timeLimit);
    commandLine.registerConverter(Path.class, Path::of);
    words(commandLine, ColorChoice.class);
    words(commandLine, PlanVerb.Format.class);
    words(commandLine, GraphVerb.Format.class);
    words(commandLine, ValidateVerb.Format.class);
    words(commandLine, CompletionVerb.Shell.class);
    words(commandLine, Invocation.ListFormat.class);
  }

  private static <T extends Enum<T>> void words(CommandLine commandLine, Class<T> type) {
    commandLine.registerConverter(type, word -> constant(word, type));
  }

  /** The words there are; none if the type is no enumeration. */
  static List<String> words(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .toList()
        : List.of();
  }

  /** The constant that a word stands for. */
  private static <T extends Enum<T>> T constant(String word, Class<T> type) {
    List<String> words = words(type);
    int index = words.indexOf(word);
    if (index < 0) {
      throw new TypeConversionException(
          "\""
              + word
              + "\" is none of "
              + String.join(", ", words)
              + UsageErrors.meant(word, words));
    }
    return type.getEnumConstants()[index];
  }

  /** In a class of its own, so that a command without a time does not load it. */
  private static final class Times {

    private static final Pattern FORM =
        Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|min|h|)");

    private static final Map<String, Duration> UNITS =
        Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));
  }

  /** A time limit as users write it: {@code 90s}, {@code 1.5m}, {@code 2h}, or seconds alone. */
  static Duration timeLimit(String text) {
    Matcher matcher = Times.FORM.matcher(text.strip());
    if (matcher.matches()) {
      Duration limit = times(matcher.group(1), Times.UNITS.get(matcher.group(2)));
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
