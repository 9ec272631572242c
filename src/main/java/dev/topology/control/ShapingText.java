package dev.topology.control;

import dev.topology.model.Shaping;
import dev.topology.model.Share;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a shaper does, in the words that change it: {@code delay=20ms loss=1%}. */
final class ShapingText {

  private static final int NANO_DECIMALS_OF_MILLIS = 6;

  private ShapingText() {}

  /** {@code idle} where it does nothing. */
  static String of(Shaping shaping) {
    List<String> words = new ArrayList<>();
    time(words, "delay", shaping.delay());
    time(words, "jitter", shaping.jitter());
    share(words, "loss", shaping.loss());
    share(words, "duplicate", shaping.duplicate());
    share(words, "corrupt", shaping.corrupt());
    share(words, "reorder", shaping.reorder());
    shaping.rate().ifPresent(rate -> words.add("rate=" + rate));
    shaping.queue().ifPresent(queue -> words.add("queue=" + queue));
    return words.isEmpty() ? "idle" : String.join(" ", words);
  }

  private static void time(List<String> words, String key, Duration time) {
    if (!time.isZero()) {
      BigDecimal millis = BigDecimal.valueOf(time.toNanos(), NANO_DECIMALS_OF_MILLIS);
      words.add(key + "=" + millis.stripTrailingZeros().toPlainString() + "ms");
    }
  }

  private static void share(List<String> words, String key, Share share) {
    if (!share.equals(Share.NONE)) {
      words.add(key + "=" + share);
    }
  }
}
