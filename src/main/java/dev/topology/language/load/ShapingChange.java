package dev.topology.language.load;

import dev.topology.language.document.CableDocument;
import dev.topology.language.value.Parsed;
import dev.topology.language.value.Quantities;
import dev.topology.model.Shaping;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What to do otherwise from now on, in the words of the language: {@code delay=20ms}, {@code
 * rate=none}. What it does not name stays as it is. Immutable.
 */
public final class ShapingChange {

  private static final List<String> KEYS =
      List.of("delay", "jitter", "loss", "duplicate", "corrupt", "reorder", "rate", "queue");
  private static final String NONE = "none";

  private final Map<String, String> values;

  private ShapingChange(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads a change.
   *
   * @param assignments each {@code KEY=VALUE}, with the keys and values of a cable in a file;
   *     {@code none} takes a rate or a queue away
   * @throws IllegalArgumentException with what is wrong and what was meant, for the user
   */
  public static ShapingChange parse(List<String> assignments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "\"" + assignment + "\" is not of the form KEY=VALUE, such as delay=20ms");
      }
      String key = checkedKey(assignment.substring(0, equals));
      if (values.put(key, assignment.substring(equals + 1)) != null) {
        throw new IllegalArgumentException("\"" + key + "\" is given twice");
      }
    }
    ShapingChange change = new ShapingChange(Map.copyOf(values));
    change.readAll();
    return change;
  }

  private static String checkedKey(String key) {
    if (KEYS.contains(key)) {
      return key;
    }
    String hint =
        Keys.suggest(CableDocument.class, key)
            .filter(it -> KEYS.stream().anyMatch(known -> it.contains("\"" + known + "\"")))
            .orElse("there are " + String.join(", ", KEYS));
    throw new IllegalArgumentException("a shaper has no \"" + key + "\": " + hint);
  }

  /**
   * The whole of what to do, where that was done before. A jitter goes when the delay becomes less
   * than it, unless it is named.
   *
   * @throws IllegalArgumentException if the values contradict each other, for the user
   */
  public Shaping applyTo(Shaping before) {
    Duration delay = read("delay", Quantities::delay).orElse(before.delay());
    boolean keepsJitter = before.jitter().compareTo(delay) <= 0;
    return new Shaping(
        delay,
        read("jitter", Quantities::delay).orElse(keepsJitter ? before.jitter() : Duration.ZERO),
        read("loss", Quantities::share).orElse(before.loss()),
        read("duplicate", Quantities::share).orElse(before.duplicate()),
        read("corrupt", Quantities::share).orElse(before.corrupt()),
        read("reorder", Quantities::share).orElse(before.reorder()),
        readOrNone("rate", Quantities::rate, before.rate()),
        readOrNone("queue", Quantities::queue, before.queue()));
  }

  private void readAll() {
    List.of("delay", "jitter").forEach(key -> read(key, Quantities::delay));
    List.of("loss", "duplicate", "corrupt", "reorder").forEach(key -> read(key, Quantities::share));
    readOrNone("rate", Quantities::rate, Optional.empty());
    readOrNone("queue", Quantities::queue, Optional.empty());
  }

  private <T> Optional<T> readOrNone(
      String key, Function<String, Parsed<T>> form, Optional<T> before) {
    return NONE.equals(values.get(key)) ? Optional.empty() : read(key, form).or(() -> before);
  }

  private <T> Optional<T> read(String key, Function<String, Parsed<T>> form) {
    return Optional.ofNullable(values.get(key)).map(it -> valueOrThrow(key, form.apply(it)));
  }

  private static <T> T valueOrThrow(String key, Parsed<T> parsed) {
    if (parsed instanceof Parsed.Wrong<T> wrong) {
      String hint = wrong.hint().map(it -> ": " + it).orElse("");
      throw new IllegalArgumentException(key + ": " + wrong.message() + hint);
    }
    return ((Parsed.Value<T>) parsed).it();
  }
}
