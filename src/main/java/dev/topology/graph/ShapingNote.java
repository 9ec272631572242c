package dev.topology.graph;

import dev.topology.model.Shaping;
import dev.topology.model.Share;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a shaper does, in a few words: {@code 20ms ±2ms, 1% loss, 10Mbit}. */
final class ShapingNote {

  private ShapingNote() {}

  static String of(Shaping shaping) {
    List<String> words = new ArrayList<>();
    if (!shaping.delay().isZero()) {
      String jitter = shaping.jitter().isZero() ? "" : " ±" + millis(shaping.jitter());
      words.add(millis(shaping.delay()) + jitter);
    }
    add(words, shaping.loss(), "loss");
    add(words, shaping.duplicate(), "twice");
    add(words, shaping.corrupt(), "corrupt");
    add(words, shaping.reorder(), "reordered");
    shaping.rate().ifPresent(rate -> words.add(rate.toString()));
    return words.isEmpty() ? "shaped" : String.join(", ", words);
  }

  private static void add(List<String> words, Share share, String what) {
    if (!share.isNone()) {
      words.add(share + " " + what);
    }
  }

  private static String millis(Duration duration) {
    BigDecimal millis = BigDecimal.valueOf(duration.toNanos(), 6);
    return millis.stripTrailingZeros().toPlainString() + "ms";
  }
}
