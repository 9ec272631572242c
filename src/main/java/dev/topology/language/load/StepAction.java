package dev.topology.language.load;

import dev.topology.language.document.TestDocument.StepDocument;
import dev.topology.model.ShapingSetting;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a step of a test does: the key that says so, and the keys that belong to it. */
@SuppressWarnings("ImmutableEnumChecker") // The lists are immutable.
enum StepAction {
  RUN(Target.NODE, "node", "expect", "status", "within"),
  CONSOLE(Target.NODE, "send", "expect", "within"),
  CUT(Target.CABLE),
  JOIN(Target.CABLE),
  SHAPE(
      Target.CABLE,
      Stream.of(ShapingSetting.values()).map(ShapingSetting::key).toArray(String[]::new)),
  STOP(Target.NODE),
  START(Target.NODE),
  RESTART(Target.NODE),
  PAUSE(Target.NODE),
  RESUME(Target.NODE),
  WAIT(Target.NONE),
  CAPTURE(Target.CABLE, "file");

  /** What it is done to. */
  enum Target {
    NODE,
    CABLE,
    NONE
  }

  private final Target target;
  private final List<String> keys;

  StepAction(Target target, String... keys) {
    this.target = target;
    this.keys = List.of(keys);
  }

  /** The key that names it: {@code cut}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  Target target() {
    return target;
  }

  /** The keys that it may have beside its own. */
  List<String> keys() {
    return keys;
  }

  /** The key that names the node or cable. */
  String targetKey() {
    return this == RUN ? "node" : key();
  }

  /** The name of its node or cable; null if it is missing or wrong, which has been reported. */
  @Nullable String target(StepDocument keys) {
    return switch (this) {
      case RUN -> keys.node();
      case CONSOLE -> keys.console();
      case CUT -> keys.cut();
      case JOIN -> keys.join();
      case SHAPE -> keys.shape();
      case STOP -> keys.stop();
      case START -> keys.start();
      case RESTART -> keys.restart();
      case PAUSE -> keys.pause();
      case RESUME -> keys.resume();
      case CAPTURE -> keys.capture();
      case WAIT -> null;
    };
  }
}
