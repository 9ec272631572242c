package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.NEEDS_DELAY;
import static dev.topology.source.DiagnosticId.NOT_SHAPED;

import dev.topology.language.document.CableDocument;
import dev.topology.source.Diagnostic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether what a cable says about its shaper makes sense together. */
final class ShapingCheck {

  private final Report report;

  ShapingCheck(Report report) {
    this.report = report;
  }

  /** Whether a cable has a shaper in between: because it says so, or because it needs one. */
  static boolean isShaped(CableDocument keys) {
    return Objects.requireNonNullElse(keys.shaped(), !wishes(keys).isEmpty());
  }

  void check(CableDraft cable) {
    if (!isShaped(cable.keys())) {
      wishes(cable.keys()).keySet().forEach(key -> contradicts(cable, key));
      return;
    }
    Duration jitter = Objects.requireNonNullElse(cable.keys().jitter(), Duration.ZERO);
    Duration delay = Objects.requireNonNullElse(cable.keys().delay(), Duration.ZERO);
    if (jitter.compareTo(delay) > 0) {
      String written = written(cable, "jitter");
      String message = "a jitter of " + written + " needs a delay of " + written + " or more";
      needsDelay(cable, "jitter", message);
    }
    if (cable.keys().reorder() != null && delay.isZero()) {
      needsDelay(cable, "reorder", "frames overtake those that a delay holds up");
    }
  }

  private void contradicts(CableDraft cable, String key) {
    String message = "a cable that says \"shaped: false\" cannot have a \"" + key + "\"";
    report.add(
        Diagnostic.of(NOT_SHAPED, path(key).asKey().locate(cable.tree()), message)
            .related("said here:", cable.locate("shaped")));
  }

  private void needsDelay(CableDraft cable, String key, String message) {
    // A delay that is written, but wrong, has been reported.
    boolean isHidden =
        path("delay").find(cable.tree()).isPresent()
            || Keys.isMeant("delay", CableDocument.class, cable.tree());
    if (cable.keys().delay() != null || !isHidden) {
      report.add(Diagnostic.of(NEEDS_DELAY, cable.locate(key), message).hint(delayOf(cable)));
    }
  }

  private static String delayOf(CableDraft cable) {
    return cable.keys().delay() == null
        ? "such as \"delay: 20ms\""
        : "the delay is " + written(cable, "delay");
  }

  private static TreePath path(String key) {
    return new TreePath(List.of(key), false);
  }

  private static String written(CableDraft cable, String key) {
    return cable.tree().get(key).map(Tree::text).orElse("");
  }

  /** What a cable asks of its shaper, by the key. */
  private static Map<String, Object> wishes(CableDocument keys) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("delay", keys.delay());
    all.put("jitter", keys.jitter());
    all.put("loss", keys.loss());
    all.put("duplicate", keys.duplicate());
    all.put("corrupt", keys.corrupt());
    all.put("reorder", keys.reorder());
    all.put("rate", keys.rate());
    all.put("queue", keys.queue());
    all.put("seed", keys.seed());
    all.values().removeIf(Objects::isNull);
    return all;
  }
}
