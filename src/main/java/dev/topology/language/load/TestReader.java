package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.EMPTY_VALUE;
import static dev.topology.source.DiagnosticId.MISPLACED_KEY;
import static dev.topology.source.DiagnosticId.MISSING_KEY;
import static dev.topology.source.DiagnosticId.OVERSIZED;
import static dev.topology.source.DiagnosticId.STEP_ACTIONS;
import static dev.topology.source.DiagnosticId.TEST_NAME_TAKEN_TWICE;

import dev.topology.language.bind.Binder;
import dev.topology.language.bind.Keys;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.TestDocument;
import dev.topology.language.document.TestDocument.StepDocument;
import dev.topology.language.load.CableCheck.ShapingCheck;
import dev.topology.language.load.TestReader.TestDraft.StepDraft;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the tests, and checks each of their steps by itself. */
final class TestReader {

  /** Enough for a generated file, little enough to keep a report of. */
  private static final int MOST = 10_000;

  private final Binder binder;
  private final Report report;
  private final Map<String, Location> names = new HashMap<>();

  TestReader(Binder binder, Report report) {
    this.binder = binder;
    this.report = report;
  }

  /** The tests, in the order of the file, with those of their steps that are good by themselves. */
  List<TestDraft> tests(Tree written) {
    if (!(written instanceof Sequence list)) {
      return List.of();
    }
    if (list.items().size() > MOST) {
      report.add(
          Diagnostic.of(
              OVERSIZED, list.location().part(0, 1), "a topology has " + MOST + " tests at most"));
      return List.of();
    }
    return list.items().stream().flatMap(it -> test(it).stream()).toList();
  }

  private Optional<TestDraft> test(Tree tree) {
    if (tree.isEmptyValue()) {
      report.add(
          Diagnostic.of(EMPTY_VALUE, tree.location(), "this test is empty")
              .hint(Keys.example(TestDocument.class)));
      return Optional.empty();
    }
    return binder.bind(tree, TestDocument.class, report).map(keys -> test(keys, tree));
  }

  private TestDraft test(TestDocument keys, Tree tree) {
    Location place = TreePath.to("name").locate(tree);
    String name = Objects.requireNonNullElse(keys.name(), "");
    Location first = keys.name() == null ? null : names.putIfAbsent(name, place);
    if (first != null) {
      report.add(
          Diagnostic.of(
                  TEST_NAME_TAKEN_TWICE,
                  place,
                  "there is a test named " + Quote.of(name) + " already")
              .related("first given here:", first));
    }
    Optional<Tree> steps = tree.get("steps");
    if (steps.isPresent()
        && (steps.get().isEmptyValue()
            || (steps.get() instanceof Sequence list && list.items().isEmpty()))) {
      report.add(
          Diagnostic.of(
                  EMPTY_VALUE,
                  TreePath.toKey("steps").locate(tree),
                  "a test needs at least one step")
              .hint(Keys.example(StepDocument.class)));
    }
    return new TestDraft(name, place, steps(keys, tree));
  }

  private List<StepDraft> steps(TestDocument keys, Tree tree) {
    List<@Nullable StepDocument> steps = Objects.requireNonNullElse(keys.steps(), List.of());
    List<StepDraft> drafts = new ArrayList<>();
    for (int index = 0; index < steps.size(); index++) {
      StepDocument step = steps.get(index);
      Optional<Tree> place = TreePath.to("steps", index).find(tree);
      if (step != null && place.isPresent()) {
        step(step, place.get()).ifPresent(drafts::add);
      }
    }
    return drafts;
  }

  private Optional<StepDraft> step(StepDocument keys, Tree tree) {
    List<StepAction> actions =
        Stream.of(StepAction.values())
            .filter(it -> tree.get(it.key()).isPresent())
            .sorted(Comparator.comparing(it -> keyPlace(it.key(), tree).start()))
            .toList();
    if (actions.isEmpty()) {
      reportNoAction(tree);
      return Optional.empty();
    }
    if (actions.size() > 1) {
      report.add(conflict(actions.get(0).key(), actions.get(1).key(), tree));
      return Optional.empty();
    }
    StepDraft step = new StepDraft(actions.get(0), keys, tree);
    boolean isGood = both(hasOnlyItsKeys(step), hasItsKeys(step));
    return isGood ? Optional.of(step) : Optional.empty();
  }

  /** Of two checks that each tell what they find. */
  private static boolean both(boolean one, boolean other) {
    return one && other;
  }

  private void reportNoAction(Tree tree) {
    boolean isMeant =
        Stream.of(StepAction.values())
            .anyMatch(it -> Keys.isMeant(it.key(), StepDocument.class, tree));
    if (!isMeant) {
      List<String> all = Stream.of(StepAction.values()).map(StepAction::key).toList();
      report.add(
          Diagnostic.of(MISSING_KEY, tree.location(), "a step needs a key that says what is done")
              .hint("one of " + String.join(", ", all)));
    }
  }

  private static Diagnostic conflict(String first, String second, Tree tree) {
    return Diagnostic.of(
            STEP_ACTIONS,
            keyPlace(second, tree),
            Quote.of(first) + " and " + Quote.of(second) + " cannot be in the same step")
        .hint("make two steps of it, each starting with \"-\"")
        .related("first given here:", keyPlace(first, tree));
  }

  private boolean hasOnlyItsKeys(StepDraft step) {
    boolean isGood = true;
    if (step.tree() instanceof Mapping mapping) {
      for (String key : mapping.entries().keySet()) {
        boolean isIts = key.equals(step.action().key()) || step.action().keys().contains(key);
        if (!isIts && Keys.has(StepDocument.class, key)) {
          report.add(misplaced(key, step));
          isGood = false;
        }
      }
    }
    return isGood;
  }

  private static Diagnostic misplaced(String key, StepDraft step) {
    List<String> homes =
        Stream.of(StepAction.values())
            .filter(it -> it.keys().contains(key))
            .map(it -> Quote.of(it.key()))
            .toList();
    return Diagnostic.of(
            MISPLACED_KEY,
            keyPlace(key, step.tree()),
            Quote.of(key) + " has no meaning beside " + Quote.of(step.action().key()))
        .hint("it belongs to " + String.join(" and ", homes));
  }

  /** Whether it has the keys that its action needs; those that are wrong have been reported. */
  private boolean hasItsKeys(StepDraft step) {
    return switch (step.action()) {
      case RUN -> both(needs(step, step.keys().node(), "node"), runsSomething(step));
      case CAPTURE -> both(needs(step, step.keys().file(), "file"), named(step));
      case CONSOLE -> both(usesConsole(step), named(step));
      case SHAPE -> both(shapes(step), named(step));
      case WAIT -> step.keys().waiting() != null;
      default -> named(step);
    };
  }

  private static boolean named(StepDraft step) {
    return step.action().target(step.keys()) != null;
  }

  private boolean needs(StepDraft step, @Nullable Object value, String key) {
    if (value == null
        && step.tree().get(key).isEmpty()
        && !Keys.isMeant(key, StepDocument.class, step.tree())) {
      report.add(
          missing(step, Quote.of(step.action().key()) + " needs the key " + Quote.of(key))
              .hint(Keys.example(StepDocument.class, key).map(it -> "such as \"" + it + "\"")));
    }
    return value != null;
  }

  private boolean runsSomething(StepDraft step) {
    CommandDocument command = step.keys().run();
    if (command != null && command.isBlank()) {
      report.add(
          Diagnostic.of(EMPTY_VALUE, step.location(), "there is nothing to run")
              .hint("such as \"run: ping -c 1 server\""));
    }
    return command != null && !command.isBlank();
  }

  private boolean usesConsole(StepDraft step) {
    boolean isSaid = step.keys().send() != null || step.keys().expect() != null;
    boolean isHidden = isThere("send", step) || isThere("expect", step);
    if (!isSaid && !isHidden) {
      report.add(
          missing(step, "\"console\" needs \"send\", \"expect\" or both")
              .hint("such as \"expect: 'login: $'\""));
    }
    if (step.keys().within() != null && step.keys().expect() == null && !isThere("expect", step)) {
      report.add(
          Diagnostic.of(
                  MISPLACED_KEY,
                  keyPlace("within", step.tree()),
                  "\"within\" has no meaning without \"expect\": there is nothing to wait for")
              .hint("say what to wait for, or leave it out"));
      return false;
    }
    return isSaid;
  }

  private boolean shapes(StepDraft step) {
    boolean isSaid = !ShapingCheck.settings(step.keys()).isEmpty();
    boolean isHidden = step.action().keys().stream().anyMatch(it -> isThere(it, step));
    if (!isSaid && !isHidden) {
      report.add(
          missing(step, "\"shape\" needs a setting")
              .hint("such as \"delay: 20ms\"; one of " + String.join(", ", step.action().keys())));
    }
    return isSaid;
  }

  private static boolean isThere(String key, StepDraft step) {
    return step.tree().get(key).isPresent() || Keys.isMeant(key, StepDocument.class, step.tree());
  }

  private static Diagnostic missing(StepDraft step, String message) {
    return Diagnostic.of(MISSING_KEY, keyPlace(step.action().key(), step.tree()), message);
  }

  private static Location keyPlace(String key, Tree tree) {
    return TreePath.toKey(key).locate(tree);
  }

  /**
   * A test, each step good in itself.
   *
   * @param name a line, or empty and already reported
   * @param location of the name
   */
  record TestDraft(String name, Location location, List<StepDraft> steps) {

    /**
     * A step of a test.
     *
     * @param action the only one that it has
     * @param tree what was written
     */
    record StepDraft(StepAction action, StepDocument keys, Tree tree) {

      /** The name of its node or cable, which it has. */
      String target() {
        return Objects.requireNonNull(action.target(keys));
      }

      Location locate(String key) {
        return TreePath.to(key).locate(tree);
      }

      /** Where it says what is done: from the action's key on, on its line. */
      Location location() {
        Location key = TreePath.toKey(action.key()).locate(tree);
        Location value = locate(action.key());
        return value.end().line() == key.start().line()
            ? new Location(key.source(), key.start(), value.end())
            : key;
      }
    }
  }
}
