package dev.topology.language.bind;

import dev.topology.language.document.CableDocument;
import dev.topology.language.value.Parsed;
import dev.topology.language.value.ValueType;
import dev.topology.model.Shaping;
import dev.topology.model.ShapingSetting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A change of a running shaper, in the words of the language: {@code delay=20ms}, {@code
 * rate=none}. Settings that it does not name stay as they are. Immutable.
 */
public final class ShapingChange {

  private static final List<String> KEYS =
      Stream.of(ShapingSetting.values()).map(ShapingSetting::key).toList();
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
    // Wrong values are reported now, whatever the shaper's state.
    for (ShapingSetting setting : ShapingSetting.values()) {
      Optional.ofNullable(values.get(setting.key())).ifPresent(text -> read(setting, text));
    }
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
   * All settings after the change. A jitter that is not named is removed if the delay becomes less
   * than it.
   *
   * @throws IllegalArgumentException if the values contradict each other, for the user
   */
  public Shaping applyTo(Shaping before) {
    Shaping after = before;
    for (ShapingSetting setting : ShapingSetting.values()) {
      String text = values.get(setting.key());
      if (text != null) {
        Optional<?> value = read(setting, text);
        after = value.isPresent() ? setting.set(after, value.get()) : setting.remove(after);
      }
    }
    return after;
  }

  /** The value that a setting is to have; empty for none. */
  private static Optional<?> read(ShapingSetting setting, String text) {
    if (setting.canBeNone() && text.equals(NONE)) {
      return Optional.empty();
    }
    Parsed<?> parsed = type(setting.kind()).parse(text);
    if (parsed instanceof Parsed.Wrong<?> wrong) {
      String hint = wrong.hint().map(it -> ": " + it).orElse("");
      throw new IllegalArgumentException(setting.key() + ": " + wrong.message() + hint);
    }
    return Optional.of(((Parsed.Value<?>) parsed).it());
  }

  private static ValueType type(ShapingSetting.Kind kind) {
    return switch (kind) {
      case DELAY -> ValueType.DELAY;
      case SHARE -> ValueType.SHARE;
      case RATE -> ValueType.RATE;
      case QUEUE -> ValueType.QUEUE;
    };
  }
}
