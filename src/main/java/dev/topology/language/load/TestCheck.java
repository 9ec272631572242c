package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.CAPTURE_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.NEEDS_DELAY;
import static dev.topology.source.DiagnosticId.NOT_SHAPED;
import static dev.topology.source.DiagnosticId.TASK_IN_TEST;
import static dev.topology.source.DiagnosticId.UNKNOWN_CABLE;

import dev.topology.language.load.CableCheck.ShapingCheck;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.Patchbay.PluggedCable;
import dev.topology.language.load.StepAction.Target;
import dev.topology.language.load.TestReader.TestDraft;
import dev.topology.language.load.TestReader.TestDraft.StepDraft;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Nearest;
import dev.topology.language.yaml.Report;
import dev.topology.model.Node;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the nodes and cables that steps of tests name are there, and can do what is asked. */
final class TestCheck {

  private static final int FEW = 8;

  private static final Set<StepAction> NEEDING_A_RUNNING_NODE =
      Set.of(StepAction.RUN, StepAction.STOP, StepAction.PAUSE, StepAction.RESUME);

  private final Draft draft;
  private final Map<String, PluggedCable> cables = new LinkedHashMap<>();
  private final Map<String, List<PluggedCable>> byOwners;
  private final boolean isComplete;
  private final Report report;

  /**
   * @param cables those that could be plugged in
   */
  TestCheck(Draft draft, List<PluggedCable> cables, Report report) {
    this.draft = draft;
    this.report = report;
    this.isComplete = draft.isWhole() && cables.size() == draft.cables().size();
    cables.forEach(it -> this.cables.putIfAbsent(it.name(), it));
    this.byOwners = cables.stream().collect(Collectors.groupingBy(it -> owners(it.draft())));
  }

  /** The two nodes or switches of a cable as one text, the same from either end. */
  private static String owners(CableDraft cable) {
    Set<String> owners = new TreeSet<>();
    cable.ends().forEach(it -> owners.add(it.node().orElse("")));
    return String.join("-", owners);
  }

  void check() {
    for (TestDraft test : draft.tests()) {
      Map<String, Location> files = new HashMap<>();
      test.steps().forEach(it -> check(it, files));
    }
  }

  private void check(StepDraft step, Map<String, Location> files) {
    if (step.action().target() == Target.NODE) {
      checkNode(step);
    } else if (step.action().target() == Target.CABLE) {
      checkCable(step);
    }
    if (step.action() == StepAction.CAPTURE) {
      checkOnlyCapture(step, files);
    }
  }

  private void checkNode(StepDraft step) {
    String name = step.target();
    Location place = step.locate(step.action().targetKey());
    if (!draft.names().isOne(name, "a step names one node", "write a step for each", place)) {
      return;
    }
    NodeDraft node = draft.nodes().get(name);
    if (node == null) {
      draft.names().reportUnknown(name, "this step", place);
    } else if (NEEDING_A_RUNNING_NODE.contains(step.action()) && isTask(node)) {
      report.add(
          Diagnostic.of(
                  TASK_IN_TEST,
                  place,
                  "node %s ends with its command; it may be gone before this step"
                      .formatted(Quote.of(name)))
              .hint("a node that stays up says \"on_exit: fail\"; or let the step run the command")
              .related("the command is here:", node.locateKey("command")));
    }
  }

  private static boolean isTask(NodeDraft node) {
    return node.keys().command() != null && node.keys().onExit() != Node.OnExit.FAIL;
  }

  private void checkCable(StepDraft step) {
    Optional<PluggedCable> cable = find(step.target());
    if (cable.isEmpty()) {
      reportUnknown(step);
    } else if (step.action() == StepAction.SHAPE) {
      checkShaping(step, cable.get());
    }
  }

  /** The cable that a step means: that of the name, or the only one between two owners. */
  Optional<PluggedCable> find(String name) {
    List<PluggedCable> between = between(name);
    return Optional.ofNullable(cables.get(name))
        .or(() -> between.size() == 1 ? Optional.of(between.get(0)) : Optional.empty());
  }

  /** The cables between two owners, which are written in either order: {@code left-right}. */
  private List<PluggedCable> between(String name) {
    for (int hyphen = name.indexOf('-'); hyphen > 0; hyphen = name.indexOf('-', hyphen + 1)) {
      Set<String> owners = new TreeSet<>(List.of(name.substring(0, hyphen)));
      owners.add(name.substring(hyphen + 1));
      List<PluggedCable> found = byOwners.get(String.join("-", owners));
      if (found != null && found.stream().allMatch(it -> isBetween(it, owners))) {
        return found;
      }
    }
    return List.of();
  }

  private static boolean isBetween(PluggedCable cable, Set<String> owners) {
    return cable.draft().ends().stream().allMatch(it -> owners.contains(it.node().orElse("")));
  }

  private void reportUnknown(StepDraft step) {
    String name = step.target();
    Location place = step.locate(step.action().targetKey());
    List<PluggedCable> between = between(name);
    if (!between.isEmpty()) {
      report.add(
          Diagnostic.of(UNKNOWN_CABLE, place, "there are several cables between " + Quote.of(name))
              .hint("name one: " + names(between.stream().map(PluggedCable::name).toList())));
    } else if (isComplete) {
      Diagnostic unknown =
          Diagnostic.of(
              UNKNOWN_CABLE,
              place,
              "this step names cable " + Quote.of(name) + ", which is not there");
      report.add(
          Nearest.to(name, goodNames())
              .map(it -> unknown.hint("did you mean " + Quote.of(it) + "?"))
              .orElseGet(
                  () ->
                      unknown.hint(
                          cables.isEmpty()
                              ? "the topology has no cables"
                              : "the cables are " + names(List.copyOf(cables.keySet())))));
    }
  }

  /** Each that {@link #find} knows. */
  private List<String> goodNames() {
    List<String> names = new ArrayList<>(cables.keySet());
    for (List<PluggedCable> between : byOwners.values()) {
      if (between.size() == 1) {
        List<String> owners =
            between.get(0).draft().ends().stream().flatMap(it -> it.node().stream()).toList();
        owners.forEach(one -> owners.forEach(other -> names.add(one + "-" + other)));
      }
    }
    return names;
  }

  private static String names(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(all.size(), FEW)))
        + (all.size() > FEW ? ", …" : "");
  }

  private void checkShaping(StepDraft step, PluggedCable cable) {
    Location place = step.locate(step.action().targetKey());
    if (!ShapingCheck.isShaped(cable.draft().keys()) && !cable.draft().leadsOut()) {
      report.add(
          Diagnostic.of(
                  NOT_SHAPED,
                  place,
                  "cable " + Quote.of(cable.name()) + " is a plain wire, without a shaper")
              .hint("write \"shaped: true\" at the cable")
              .related("the cable is here:", cable.draft().tree().location().part(0, 1)));
    }
    Duration delay = step.keys().delay();
    Duration jitter = Objects.requireNonNullElse(step.keys().jitter(), Duration.ZERO);
    if (delay != null && jitter.compareTo(delay) > 0) {
      report.add(
          Diagnostic.of(
                  NEEDS_DELAY,
                  step.locate("jitter"),
                  "the jitter is longer than the delay of this step")
              .hint("the delay is " + step.tree().get("delay").map(it -> it.text()).orElse("")));
    }
  }

  private void checkOnlyCapture(StepDraft step, Map<String, Location> files) {
    HostPath file = Objects.requireNonNull(step.keys().file());
    Location place = step.locate("file");
    Location first = files.putIfAbsent(file.text(), place);
    if (first != null) {
      report.add(
          Diagnostic.of(CAPTURE_TAKEN_TWICE, place, "this test captures into that file already")
              .related("first given here:", first));
    }
  }
}
