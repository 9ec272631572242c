package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The cables that are more than a plain wire, for people to read: what is done to their frames. */
final class CableText {

  private final List<Cable> cables;

  CableText(List<Cable> cables) {
    this.cables =
        cables.stream()
            .filter(cable -> cable.shaper().isPresent() || cable.capture().isPresent())
            .toList();
  }

  /** One line for each, under a heading; nothing where there are none. */
  String table() {
    if (cables.isEmpty()) {
      return "";
    }
    int width = cables.stream().mapToInt(cable -> cable.name().length()).max().orElse(1);
    StringBuilder table = new StringBuilder("\ncables\n");
    for (Cable cable : cables) {
      table.append("  ").append(cable.name());
      table.append(" ".repeat(width - cable.name().length() + 2));
      table.append(String.join(", ", traits(cable))).append('\n');
    }
    return table.toString();
  }

  private static List<String> traits(Cable cable) {
    List<String> traits = new ArrayList<>();
    cable.shaper().ifPresent(shaper -> traits.add("shaped: " + shaping(shaper.shaping())));
    cable.capture().ifPresent(file -> traits.add("captured into " + file));
    return traits;
  }

  private static String shaping(Shaping shaping) {
    List<String> parts = new ArrayList<>();
    add(parts, "delay", shaping.delay());
    add(parts, "jitter", shaping.jitter());
    add(parts, "loss", shaping.loss());
    add(parts, "duplicate", shaping.duplicate());
    add(parts, "corrupt", shaping.corrupt());
    add(parts, "reorder", shaping.reorder());
    shaping.rate().ifPresent(rate -> parts.add("rate " + rate));
    shaping.queue().ifPresent(queue -> parts.add("queue " + queue));
    return parts.isEmpty() ? "nothing yet" : String.join(" ", parts);
  }

  private static void add(List<String> parts, String name, Share share) {
    if (!share.isNone()) {
      parts.add(name + " " + share);
    }
  }

  private static void add(List<String> parts, String name, Duration time) {
    if (!time.isZero()) {
      BigDecimal millis = BigDecimal.valueOf(time.toNanos(), 6);
      parts.add(name + " " + millis.stripTrailingZeros().toPlainString() + "ms");
    }
  }
}
