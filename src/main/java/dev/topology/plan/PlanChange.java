package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Shaping;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One thing to do that brings a run nearer to another plan: see {@link PlanComparison}. */
public sealed interface PlanChange {

  /** What is done, for people: {@code c: starts (new)}. */
  String describe();

  /** Something that is done to a node. */
  sealed interface OfNode extends PlanChange {

    /** The node's name. */
    String node();
  }

  /** A node ends, for the plan has it no more. */
  record NodeEnds(String node) implements OfNode {
    @Override
    public String describe() {
      return node + ": ends (it is not in the file any more)";
    }
  }

  /**
   * A node starts that does not run.
   *
   * @param reasons one clause each
   */
  record NodeStarts(String node, List<String> reasons) implements OfNode {

    public NodeStarts {
      reasons = List.copyOf(reasons);
    }

    @Override
    public String describe() {
      return node + ": starts (" + String.join(", ", reasons) + ")";
    }
  }

  /**
   * A node that runs is restarted.
   *
   * @param reasons one clause each
   * @param getsCable whether one of them is a cable that it did not have
   */
  record NodeRestarts(String node, List<String> reasons, boolean getsCable) implements OfNode {

    public NodeRestarts {
      reasons = List.copyOf(reasons);
    }

    @Override
    public String describe() {
      return node
          + ": restarts ("
          + String.join(", ", reasons)
          + (getsCable ? "; a node gets its cables when it starts" : "")
          + ")";
    }
  }

  /**
   * A node runs on, and other rules hold for it.
   *
   * @param keys of the file that say them
   */
  record NodeRunsOn(String node, List<String> keys) implements OfNode {

    public NodeRunsOn {
      keys = List.copyOf(keys);
    }

    @Override
    public String describe() {
      return node + ": runs on (changed: " + String.join(", ", keys) + ")";
    }
  }

  /** A switch that the plan has no more. */
  record SwitchEnds(String name) implements PlanChange {
    @Override
    public String describe() {
      return "switch " + name + ": ends (it is not in the file any more)";
    }
  }

  /** A switch that is new. */
  record SwitchStarts(String name) implements PlanChange {
    @Override
    public String describe() {
      return "switch " + name + ": starts (new)";
    }
  }

  /** A cable that the plan has no more. */
  record CableUnplugged(String cable) implements PlanChange {
    @Override
    public String describe() {
      return "cable " + cable + ": is unplugged (it is not in the file any more)";
    }
  }

  /** A cable that is new. */
  record CablePlugged(String cable) implements PlanChange {
    @Override
    public String describe() {
      return "cable " + cable + ": is plugged in (new)";
    }
  }

  /**
   * Another cable between the same ends.
   *
   * @param former the name that it had
   * @param reason one clause
   */
  record CableReplaced(String cable, String former, String reason) implements PlanChange {
    @Override
    public String describe() {
      return "cable " + cable + ": is replaced (" + reason + ")";
    }
  }

  /** A cable that goes on, under another name. */
  record CableRenamed(String cable, String former) implements PlanChange {
    @Override
    public String describe() {
      return "cable " + former + ": is called " + cable;
    }
  }

  /** The shaper of a cable that goes on does something else. */
  record CableShaped(String cable, Shaping shaping) implements PlanChange {
    @Override
    public String describe() {
      return "cable " + cable + ": is shaped (" + words(shaping) + ")";
    }
  }

  private static String words(Shaping shaping) {
    String settings =
        shaping.settings().entrySet().stream()
            .map(it -> it.getKey() + "=" + it.getValue())
            .collect(Collectors.joining(" "));
    return settings.isEmpty() ? "idle" : settings;
  }

  /**
   * A cable that goes on gets a shaper, or another one, or has none any more.
   *
   * @param cable as it is now
   * @param isOther whether it had one, with another seed
   */
  record ShaperChanged(Cable cable, boolean isOther) implements PlanChange {
    @Override
    public String describe() {
      String what = isOther ? "gets a shaper with another seed (%s)" : "gets a shaper (%s)";
      return "cable "
          + cable.name()
          + ": "
          + cable
              .shaper()
              .map(it -> what.formatted(words(it.shaping())))
              .orElse("has no shaper any more");
    }
  }

  /** The frames of a cable that goes on are captured into another file, or no more. */
  record CableCaptured(String cable, Optional<Path> file) implements PlanChange {
    @Override
    public String describe() {
      return "cable " + cable + ": is captured " + file.map(it -> "into " + it).orElse("no more");
    }
  }
}
