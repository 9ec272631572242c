package dev.topology.graph;

import dev.topology.model.Shaping;
import dev.topology.model.ShapingSetting;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a shaper does, in a few words: {@code 20ms ±2ms, 1% loss, 10Mbit}. */
final class ShapingNote {

  private ShapingNote() {}

  static String of(Shaping shaping) {
    String note =
        Stream.of(ShapingSetting.values())
            .flatMap(
                setting -> setting.textOf(shaping).map(it -> words(setting, it, shaping)).stream())
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining(", "));
    return note.isEmpty() ? "shaped" : note;
  }

  private static String words(ShapingSetting setting, String value, Shaping shaping) {
    return switch (setting) {
      case DELAY -> value + ShapingSetting.JITTER.textOf(shaping).map(it -> " ±" + it).orElse("");
      case JITTER, QUEUE -> "";
      case DUPLICATE -> value + " twice";
      case REORDER -> value + " reordered";
      case RATE -> value;
      case LOSS, CORRUPT -> value + " " + setting.key();
    };
  }
}
