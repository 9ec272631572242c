package dev.topology.graph;

import dev.topology.model.Shaping;
import java.util.Map;
import java.util.stream.Collectors;

/** What a shaper does, in a few words: {@code 20ms ±2ms, 1% loss, 10Mbit}. */
final class ShapingNote {

  private ShapingNote() {}

  static String of(Shaping shaping) {
    Map<String, String> settings = shaping.settings();
    String note =
        settings.entrySet().stream()
            .filter(it -> !it.getKey().equals("jitter") && !it.getKey().equals("queue"))
            .map(it -> words(it.getKey(), it.getValue(), settings))
            .collect(Collectors.joining(", "));
    return note.isEmpty() ? "shaped" : note;
  }

  private static String words(String key, String value, Map<String, String> settings) {
    return switch (key) {
      case "delay" ->
          settings.containsKey("jitter") ? value + " ±" + settings.get("jitter") : value;
      case "duplicate" -> value + " twice";
      case "reorder" -> value + " reordered";
      case "rate" -> value;
      default -> value + " " + key;
    };
  }
}
