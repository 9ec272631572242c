package dev.topology.model;

import dev.topology.source.Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A step of a test. The nodes and cables that it names are those of its topology. */
public sealed interface TestStep {

  /** Where the file says what is done. */
  Location location();

  /** What is done, in the words of the file, in one line: {@code run ping -c 1 server}. */
  String summary();

  /**
   * Runs a command on a node.
   *
   * @param expect searched in its output; empty if any will do
   * @param status 0 to 255, with which it has to end
   * @param within how long it is run again and again; empty for once
   */
  record RunCommand(
      Location location,
      String node,
      Command command,
      Optional<Pattern> expect,
      int status,
      Optional<Duration> within)
      implements TestStep {

    @Override
    public String summary() {
      return "run " + command.summary();
    }
  }

  /**
   * Types on a console, waits for what it says, or both. One of them is there.
   *
   * @param send a line without its end
   * @param expect searched in what the console says after the step before that used it
   * @param within how long to wait
   */
  record UseConsole(
      Location location,
      String node,
      Optional<String> send,
      Optional<Pattern> expect,
      Optional<Duration> within)
      implements TestStep {

    @Override
    public String summary() {
      return "console " + node;
    }
  }

  /** Cuts a cable, or joins it. */
  record PlugCable(Location location, String cable, boolean isCut) implements TestStep {

    @Override
    public String summary() {
      return (isCut ? "cut " : "join ") + cable;
    }
  }

  /**
   * Changes what the shaper of a cable does.
   *
   * @param settings those that change, each with a value of its kind; at least one
   */
  record ShapeCable(Location location, String cable, Map<ShapingSetting, Object> settings)
      implements TestStep {

    public ShapeCable {
      // In their order, which is that in which they are applied.
      settings = Collections.unmodifiableMap(new EnumMap<>(settings));
    }

    /**
     * What the shaper does after the change.
     *
     * @throws IllegalArgumentException if the values contradict what is there, for the user
     */
    public Shaping applyTo(Shaping before) {
      Shaping after = before;
      for (var setting : settings.entrySet()) {
        after = setting.getKey().set(after, setting.getValue());
      }
      return after;
    }

    @Override
    public String summary() {
      return "shape " + cable;
    }
  }

  /** Does something to a node. */
  record ControlNode(Location location, Action action, String node) implements TestStep {

    /** What can be done to a node. Those that boot it wait until it is ready. */
    public enum Action {
      STOP,
      START,
      RESTART,
      PAUSE,
      RESUME
    }

    @Override
    public String summary() {
      return action.name().toLowerCase(Locale.ROOT) + " " + node;
    }
  }

  /** Does nothing for a time. */
  record Pause(Location location, Duration time) implements TestStep {

    @Override
    public String summary() {
      return "wait";
    }
  }

  /**
   * Captures a cable until the test ends.
   *
   * @param file absolute
   */
  record CaptureCable(Location location, String cable, Path file) implements TestStep {

    @Override
    public String summary() {
      return "capture " + cable;
    }
  }
}
