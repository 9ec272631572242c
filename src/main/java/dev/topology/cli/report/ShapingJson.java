package dev.topology.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.model.Shaper;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import java.time.Duration;

/** What a shaper does, for programs to read: what it does not do is left out. */
public final class ShapingJson {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BILLIONTHS_PER_PERCENT = 1e7;

  private ShapingJson() {}

  static ObjectNode of(Shaper shaper) {
    return of(shaper.shaping()).put("seed", shaper.seed());
  }

  static ObjectNode of(Shaping shaping) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "delayMillis", shaping.delay());
    put(json, "jitterMillis", shaping.jitter());
    put(json, "lossPercent", shaping.loss());
    put(json, "duplicatePercent", shaping.duplicate());
    put(json, "corruptPercent", shaping.corrupt());
    put(json, "reorderPercent", shaping.reorder());
    shaping.rate().ifPresent(rate -> json.put("rateBitsPerSecond", rate.bitsPerSecond()));
    shaping.queue().ifPresent(queue -> json.put("queueBytes", queue.bytes()));
    return json;
  }

  private static void put(ObjectNode json, String name, Duration time) {
    if (!time.isZero()) {
      json.put(name, time.toNanos() / NANOS_PER_MILLI);
    }
  }

  private static void put(ObjectNode json, String name, Share share) {
    if (!share.isNone()) {
      json.put(name, share.billionths() / BILLIONTHS_PER_PERCENT);
    }
  }
}
