package dev.topology.language.load;

import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.TestDocument.StepDocument;
import dev.topology.language.load.CableCheck.ShapingCheck;
import dev.topology.language.load.TestReader.TestDraft;
import dev.topology.language.load.TestReader.TestDraft.StepDraft;
import dev.topology.language.value.HostPath;
import dev.topology.model.TestCase;
import dev.topology.model.TestStep;
import dev.topology.model.TestStep.ControlNode.Action;
import dev.topology.source.Location;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Builds the tests of a draft without errors. */
final class TestAssembly {

  private final TestCheck cables;
  private final HostPath.Base paths;

  /**
   * @param cables knows which cable a step means
   */
  TestAssembly(TestCheck cables, HostPath.Base paths) {
    this.cables = cables;
    this.paths = paths;
  }

  List<TestCase> build(List<TestDraft> tests) {
    return tests.stream()
        .map(
            it ->
                new TestCase(
                    it.name(), it.location(), it.steps().stream().map(this::step).toList()))
        .toList();
  }

  private TestStep step(StepDraft step) {
    StepDocument keys = step.keys();
    Location place = step.location();
    return switch (step.action()) {
      case RUN -> run(step);
      case CONSOLE ->
          new TestStep.UseConsole(
              place,
              step.target(),
              Optional.ofNullable(keys.send()),
              Optional.ofNullable(keys.expect()),
              Optional.ofNullable(keys.within()));
      case CUT -> new TestStep.PlugCable(place, cable(step), /* isCut= */ true);
      case JOIN -> new TestStep.PlugCable(place, cable(step), /* isCut= */ false);
      case SHAPE -> new TestStep.ShapeCable(place, cable(step), ShapingCheck.settings(keys));
      case STOP -> new TestStep.ControlNode(place, Action.STOP, step.target());
      case START -> new TestStep.ControlNode(place, Action.START, step.target());
      case RESTART -> new TestStep.ControlNode(place, Action.RESTART, step.target());
      case PAUSE -> new TestStep.ControlNode(place, Action.PAUSE, step.target());
      case RESUME -> new TestStep.ControlNode(place, Action.RESUME, step.target());
      case WAIT -> new TestStep.Pause(place, Objects.requireNonNull(keys.waiting()));
      case CAPTURE ->
          new TestStep.CaptureCable(
              place, cable(step), paths.resolve(Objects.requireNonNull(keys.file())));
    };
  }

  private static TestStep run(StepDraft step) {
    CommandDocument command = Objects.requireNonNull(step.keys().run());
    return new TestStep.RunCommand(
        step.location(),
        step.target(),
        command.toModel(),
        Optional.ofNullable(step.keys().expect()),
        Objects.requireNonNullElse(step.keys().status(), 0),
        Optional.ofNullable(step.keys().within()));
  }

  private String cable(StepDraft step) {
    return cables.find(step.target()).orElseThrow().name();
  }
}
