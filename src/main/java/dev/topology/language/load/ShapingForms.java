package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.BAD_RATE;
import static dev.topology.source.DiagnosticId.BAD_SHARE;
import static dev.topology.source.DiagnosticId.BAD_SIZE;
import static dev.topology.source.DiagnosticId.OUT_OF_RANGE;

import dev.topology.language.document.CableDocument;
import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Shaper;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import dev.topology.source.Quote;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms of what a shaper is told. */
final class ShapingForms {

  private static final Pattern SHARE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,7})?)%");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,7})?");

  private static final Pattern RATE =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(bit|kbit|Mbit|Gbit)");
  private static final Pattern NEARLY_RATE =
      Pattern.compile(
          "([0-9]{1,12}(?:\\.[0-9]{1,9})?) ?(?:([kmg])?(?:bit|bits|b)?(?:/s|ps)?)",
          Pattern.CASE_INSENSITIVE);
  private static final Map<String, Integer> POWERS =
      Map.of("bit", 0, "kbit", 3, "Mbit", 6, "Gbit", 9);

  private static final Pattern QUEUE = Pattern.compile("([1-9][0-9]{0,8})(KiB|MiB)");

  private ShapingForms() {}

  /** How long a frame is held up, perhaps not at all. */
  static Parsed<Duration> delay(String text) {
    Parsed<Duration> span = Quantities.span(text);
    if (span instanceof Parsed.Wrong<Duration> wrong) {
      boolean bare = NUMBER.matcher(text).matches();
      String hint = bare ? "did you mean \"" + text + "ms\"?" : "such as 20ms, 100us or 1.5s";
      return Parsed.wrong(wrong.id(), wrong.message(), hint);
    }
    return span.then(
        it ->
            it.compareTo(Shaping.LONGEST_DELAY) > 0
                ? outOfRange(text, "from 0ms to 60s")
                : Parsed.value(it));
  }

  static Parsed<Share> share(String text) {
    Matcher matcher = SHARE.matcher(text);
    if (!matcher.matches()) {
      boolean bare = NUMBER.matcher(text).matches();
      String hint = bare ? "did you mean \"" + text + "%\"?" : "such as 0.5%";
      return Parsed.wrong(BAD_SHARE, Quote.of(text) + " is not a share of the frames", hint);
    }
    BigDecimal percent = new BigDecimal(matcher.group(1));
    return percent.compareTo(BigDecimal.valueOf(100)) > 0
        ? outOfRange(text, "from 0% to 100%")
        : Parsed.value(Share.ofPercent(percent));
  }

  static Parsed<BitRate> rate(String text) {
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

  static Parsed<Memory> queue(String text) {
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

  /** The shaper of a cable, if its keys ask for one. */
  static Optional<Shaper> toModel(CableDocument keys, String topology, String cable) {
    if (!ShapingCheck.isShaped(keys)) {
      return Optional.empty();
    }
    Shaping shaping =
        new Shaping(
            value(keys.delay(), ShapingForms::delay).orElse(Duration.ZERO),
            value(keys.jitter(), ShapingForms::delay).orElse(Duration.ZERO),
            value(keys.loss(), ShapingForms::share).orElse(Share.NONE),
            value(keys.duplicate(), ShapingForms::share).orElse(Share.NONE),
            value(keys.corrupt(), ShapingForms::share).orElse(Share.NONE),
            value(keys.reorder(), ShapingForms::share).orElse(Share.NONE),
            value(keys.rate(), ShapingForms::rate),
            value(keys.queue(), ShapingForms::queue));
    return Optional.of(
        keys.seed() == null
            ? Shaper.of(shaping, topology, cable)
            : new Shaper(shaping, Objects.requireNonNull(keys.seed())));
  }

  private static <T> Optional<T> value(@Nullable String text, Function<String, Parsed<T>> form) {
    return Optional.ofNullable(text).map(it -> form.apply(it).orElseThrow());
  }
}
