package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_DURATION;
import static dev.topology.source.DiagnosticId.BAD_RATE;
import static dev.topology.source.DiagnosticId.BAD_SHARE;
import static dev.topology.source.DiagnosticId.BAD_SIZE;
import static dev.topology.source.DiagnosticId.OUT_OF_RANGE;

import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import dev.topology.source.Quote;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses sizes, spans of time, shares and rates. */
public final class Quantities {

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,11})(KiB|MiB|GiB|TiB)");
  private static final Pattern NEARLY_SIZE =
      Pattern.compile("([1-9][0-9]{0,11}) ?(?:([kmgt])(?:i?b)?)?", Pattern.CASE_INSENSITIVE);
  private static final Map<String, Integer> SHIFTS =
      Map.of("KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);
  private static final long SMALLEST = 1L << 20;
  private static final long LARGEST = 16L << 40;

  private static final Pattern DURATION =
      Pattern.compile("([0-9]{1,9}(\\.[0-9]{1,9})?(us|ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("([0-9.]+)(us|ms|s|m|h)");
  private static final Pattern BARE_NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "us", BigDecimal.valueOf(1_000L),
          "ms", BigDecimal.valueOf(1_000_000L),
          "s", BigDecimal.valueOf(1_000_000_000L),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));
  private static final Duration LONGEST = Duration.ofDays(7);

  private static final Pattern SHARE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,7})?)%");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,7})?");

  private static final Pattern RATE =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(bit|kbit|Mbit|Gbit)");
  private static final Pattern NEARLY_RATE =
      Pattern.compile(
          "([0-9]{1,12}(?:\\.[0-9]{1,9})?) ?(?:([kmg])?(?:bit|bits|b)?(?:/s|ps)?)",
          Pattern.CASE_INSENSITIVE);
  private static final Map<String, Integer> POWERS =
      Map.of("bit", 0, "kbit", 3, "Mbit", 6, "Gbit", 9);

  private static final Pattern QUEUE = Pattern.compile("([1-9][0-9]{0,8})(KiB|MiB)");

  private Quantities() {}

  static Parsed<Memory> memory(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Parsed.wrong(BAD_SIZE, Quote.of(text) + " is not a size", sizeHint(text));
    }
    long number = Long.parseLong(matcher.group(1));
    int shift = SHIFTS.getOrDefault(matcher.group(2), 0);
    boolean fits = number <= LARGEST >> shift && number << shift >= SMALLEST;
    return fits
        ? Parsed.value(new Memory(number << shift))
        : Parsed.wrong(OUT_OF_RANGE, Quote.of(text) + " is out of range", "from 1MiB to 16TiB");
  }

  static Parsed<Duration> duration(String text) {
    return span(text)
        .then(
            it ->
                it.isZero() || it.compareTo(LONGEST) > 0
                    ? Parsed.wrong(
                        OUT_OF_RANGE,
                        Quote.of(text) + " is out of range",
                        "more than 0, and 7 days (168h) at most")
                    : Parsed.value(it));
  }

  /** A span of time, zero included. */
  static Parsed<Duration> span(String text) {
    if (!DURATION.matcher(text).matches()) {
      boolean bare = BARE_NUMBER.matcher(text).matches();
      return Parsed.wrong(
          BAD_DURATION,
          Quote.of(text) + " is not a span of time",
          bare
              ? "did you mean \"" + text + "s\"? The units are us, ms, s, m and h"
              : "such as 60s, 500ms or 1m30s");
    }
    BigDecimal nanos =
        PART.matcher(text)
            .results()
            .map(
                it ->
                    new BigDecimal(it.group(1))
                        .multiply(NANOS.getOrDefault(it.group(2), BigDecimal.ONE)))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal[] seconds = nanos.divideAndRemainder(NANOS.getOrDefault("s", BigDecimal.ONE));
    return Parsed.value(Duration.ofSeconds(seconds[0].longValue(), seconds[1].longValue()));
  }

  /** A span of time in the form that {@link #duration} reads, to the nanosecond. */
  public static String text(Duration duration) {
    if (duration.getNano() == 0) {
      return duration.toSeconds() + "s";
    }
    BigDecimal millis =
        BigDecimal.valueOf(duration.getSeconds())
            .movePointRight(3)
            .add(BigDecimal.valueOf(duration.getNano(), 6));
    return millis.stripTrailingZeros().toPlainString() + "ms";
  }

  private static String sizeHint(String text) {
    Matcher nearly = NEARLY_SIZE.matcher(text);
    if (!nearly.matches()) {
      return "such as 256MiB or 1GiB";
    }
    String unit = nearly.group(2) == null ? "M" : nearly.group(2).toUpperCase(Locale.ROOT);
    return "did you mean \"" + nearly.group(1) + unit + "iB\"?";
  }

  /** How long a frame is delayed, from zero. */
  public static Parsed<Duration> delay(String text) {
    Parsed<Duration> span = span(text);
    if (span instanceof Parsed.Wrong<Duration> wrong) {
      boolean bare = DECIMAL.matcher(text).matches();
      String hint = bare ? "did you mean \"" + text + "ms\"?" : "such as 20ms, 100us or 1.5s";
      return Parsed.wrong(wrong.id(), wrong.message(), hint);
    }
    return span.then(
        it ->
            it.compareTo(Shaping.LONGEST_DELAY) > 0
                ? outOfRange(text, "from 0ms to 60s")
                : Parsed.value(it));
  }

  public static Parsed<Share> share(String text) {
    Matcher matcher = SHARE.matcher(text);
    if (!matcher.matches()) {
      boolean bare = DECIMAL.matcher(text).matches();
      String hint = bare ? "did you mean \"" + text + "%\"?" : "such as 0.5%";
      return Parsed.wrong(BAD_SHARE, Quote.of(text) + " is not a share of the frames", hint);
    }
    BigDecimal percent = new BigDecimal(matcher.group(1));
    return percent.compareTo(BigDecimal.valueOf(100)) > 0
        ? outOfRange(text, "from 0% to 100%")
        : Parsed.value(Share.ofPercent(percent));
  }

  public static Parsed<BitRate> rate(String text) {
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      String message = Quote.of(text) + " is not a number of bits a second";
      return Parsed.wrong(BAD_RATE, message, rateHint(text));
    }
    int power = POWERS.getOrDefault(matcher.group(2), 0);
    long bits = new BigDecimal(matcher.group(1)).movePointRight(power).longValue();
    boolean fits = bits >= BitRate.LEAST.bitsPerSecond() && bits <= BitRate.MOST.bitsPerSecond();
    return fits
        ? Parsed.value(new BitRate(bits))
        : outOfRange(text, "from " + BitRate.LEAST + " to " + BitRate.MOST);
  }

  private static String rateHint(String text) {
    Matcher nearly = NEARLY_RATE.matcher(text);
    boolean isInBytes = text.indexOf('B') >= 0;
    if (!nearly.matches() || nearly.group(2) == null || isInBytes) {
      return "such as 10Mbit, 500kbit or 1Gbit";
    }
    String letter = nearly.group(2).toUpperCase(Locale.ROOT);
    String unit = letter.equals("K") ? "kbit" : letter + "bit";
    return "did you mean \"" + nearly.group(1) + unit + "\"?";
  }

  public static Parsed<Memory> queue(String text) {
    Matcher matcher = QUEUE.matcher(text);
    if (!matcher.matches()) {
      return Parsed.wrong(BAD_SIZE, Quote.of(text) + " is not a size", "such as 256KiB or 1MiB");
    }
    long bytes = Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("KiB") ? 10 : 20);
    return bytes > Shaping.LONGEST_QUEUE.bytes()
        ? outOfRange(text, "at most " + Shaping.LONGEST_QUEUE)
        : Parsed.value(new Memory(bytes));
  }

  private static <T> Parsed<T> outOfRange(String text, String range) {
    return Parsed.wrong(OUT_OF_RANGE, Quote.of(text) + " is out of range", range);
  }
}
