package dev.topology.control;

import dev.topology.model.Shaping;
import java.util.stream.Collectors;

/** What a shaper does, in the words that change it: {@code delay=20ms loss=1%}. */
final class ShapingText {

  private ShapingText() {}

  /** {@code idle} where it does nothing. */
  static String of(Shaping shaping) {
    String text =
        shaping.settings().entrySet().stream()
            .map(it -> it.getKey() + "=" + it.getValue())
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? "idle" : text;
  }
}
