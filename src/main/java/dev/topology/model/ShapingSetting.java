package dev.topology.model;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The settings of a shaper, in the order in which they are shown and applied: a jitter needs its
 * delay. The one table of them; files, builders, command lines, plans and pictures all read it.
 * What a value of each {@link Kind} looks like, and its range, is a value type of the language.
 */
@SuppressWarnings("ImmutableEnumChecker") // The functions are references to methods of values.
public enum ShapingSetting {
  DELAY(Kind.DELAY, it -> ifAny(it.delay()), ShapingSetting::withDelay),
  JITTER(
      Kind.DELAY,
      it -> ifAny(it.jitter()),
      (Shaping it, Duration jitter) -> it.withDelay(it.delay(), jitter)),
  LOSS(Kind.SHARE, it -> ifAny(it.loss()), Shaping::withLoss),
  DUPLICATE(Kind.SHARE, it -> ifAny(it.duplicate()), Shaping::withDuplicate),
  CORRUPT(Kind.SHARE, it -> ifAny(it.corrupt()), Shaping::withCorrupt),
  REORDER(Kind.SHARE, it -> ifAny(it.reorder()), Shaping::withReorder),
  RATE(Kind.RATE, Shaping::rate, Shaping::withRate),
  QUEUE(Kind.QUEUE, Shaping::queue, Shaping::withQueue);

  /** The kinds of values. */
  public enum Kind {
    /** A {@link Duration}. */
    DELAY("Millis"),
    /** A {@link Share}. */
    SHARE("Percent"),
    /** A {@link BitRate}, or {@code none}. */
    RATE("BitsPerSecond"),
    /** A {@link Memory}, or {@code none}. */
    QUEUE("Bytes");

    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }
  }

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BILLIONTHS_PER_PERCENT = 1e7;

  private final Kind kind;
  private final Function<Shaping, ? extends Optional<?>> value;
  private final BiFunction<Shaping, Object, Shaping> change;

  @SuppressWarnings("unchecked") // A value of another kind is a mistake of the caller.
  <T> ShapingSetting(
      Kind kind, Function<Shaping, Optional<T>> value, BiFunction<Shaping, T, Shaping> change) {
    this.kind = kind;
    this.value = value;
    this.change = (shaping, to) -> change.apply(shaping, (T) to);
  }

  /** The key in a file and on a command line: {@code delay}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What kind of value it has. */
  public Kind kind() {
    return kind;
  }

  /** Whether {@code none} takes it away; of the others, zero does. */
  public boolean canBeNone() {
    return kind == Kind.RATE || kind == Kind.QUEUE;
  }

  /** Its value; empty if it does nothing. */
  public Optional<?> of(Shaping shaping) {
    return value.apply(shaping);
  }

  /** Its value as a user writes it, {@code 20ms}; empty if it does nothing. */
  public Optional<String> textOf(Shaping shaping) {
    return of(shaping).map(it -> it instanceof Duration time ? Shaping.text(time) : it.toString());
  }

  /** The name of its value as a number: {@code delayMillis}. */
  public String numberName() {
    return key() + kind.unit;
  }

  /** Its value as a number, in the unit of {@link #numberName}; empty if it does nothing. */
  public Optional<Number> numberOf(Shaping shaping) {
    return of(shaping).map(ShapingSetting::number);
  }

  private static Number number(Object value) {
    if (value instanceof Duration time) {
      return time.toNanos() / NANOS_PER_MILLI;
    }
    if (value instanceof Share share) {
      return share.billionths() / BILLIONTHS_PER_PERCENT;
    }
    return value instanceof BitRate rate ? rate.bitsPerSecond() : ((Memory) value).bytes();
  }

  /**
   * A shaping with another value of this, and otherwise as it was.
   *
   * @param to of the type of its kind
   * @throws IllegalArgumentException if the values contradict each other, for the user
   */
  public Shaping set(Shaping shaping, Object to) {
    return change.apply(shaping, to);
  }

  /** A shaping without this, where that {@linkplain #canBeNone can be}. */
  public Shaping remove(Shaping shaping) {
    return this == RATE ? shaping.withoutRate() : shaping.withoutQueue();
  }

  /** A jitter goes when the delay becomes less than it. */
  private static Shaping withDelay(Shaping shaping, Duration delay) {
    boolean keepsJitter = shaping.jitter().compareTo(delay) <= 0;
    return shaping.withDelay(delay, keepsJitter ? shaping.jitter() : Duration.ZERO);
  }

  private static Optional<Duration> ifAny(Duration time) {
    return Optional.of(time).filter(it -> !it.isZero());
  }

  private static Optional<Share> ifAny(Share share) {
    return Optional.of(share).filter(it -> !it.isNone());
  }
}
