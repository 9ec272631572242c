package dev.topology.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.LoadResult;
import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.model.Accelerator;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.Lab;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.guest.ShareFileSystem;
import dev.topology.source.Diagnostic;
import dev.topology.source.Diagnostic.Related;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.DiagnosticRenderer.Paint;
import dev.topology.source.Location;
import dev.topology.source.Location.Position;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold of whatever comes of loading any text. */
final class Demands {

  private Demands() {}

  static void check(LoadResult result) {
    boolean hasErrors = result.diagnostics().stream().anyMatch(Diagnostic::isError);
    assertThat(hasErrors).as("rejected").isEqualTo(!(result instanceof Loaded));
    result.diagnostics().forEach(Demands::check);
    if (result instanceof Loaded loaded) {
      plan(loaded.topology());
    }
  }

  private static void check(Diagnostic diagnostic) {
    check(diagnostic.location());
    diagnostic.related().stream().map(Related::location).forEach(Demands::check);
    assertThat(diagnostic.message()).isNotBlank();
    String rendered = new DiagnosticRenderer(Paint.NONE).render(diagnostic);
    assertThat(rendered.codePoints().filter(Character::isISOControl))
        .as(rendered)
        .allMatch(it -> it == '\n');
    assertThat(rendered.lines().count()).as(rendered).isLessThanOrEqualTo(4);
  }

  private static void check(Location location) {
    assertThat(location.end()).as("end of %s", location).isGreaterThanOrEqualTo(location.start());
    check(location.start(), location.source());
    check(location.end(), location.source());
  }

  /** The place after the last character counts as well: something may be missing there. */
  private static void check(Position position, SourceText source) {
    assertThat(position.line()).as("line of %s", position).isLessThanOrEqualTo(source.lineCount());
    String line = source.line(position.line());
    assertThat(position.column())
        .as("column of %s", position)
        .isLessThanOrEqualTo(line.codePointCount(0, line.length()) + 2);
  }

  private static void plan(Topology topology) {
    HostFacts host = hostWithImagesOf(topology);
    try {
      LaunchPlan plan = Planner.plan(topology, host, Lab.OPTIONS);
      PlanDemands.check(plan);
    } catch (PlanException e) {
      // That KVM is missing here is no mistake of the file; nothing else may come this late.
      assertThat(topology.nodes()).anyMatch(it -> it.accelerator() == Accelerator.KVM);
      assertThat(e).hasMessageContaining("accel: kvm");
    }
  }

  private static HostFacts hostWithImagesOf(Topology topology) {
    Map<String, BootableImage> images =
        topology.nodes().stream()
            .flatMap(node -> node.boot().image().stream())
            .distinct()
            .collect(
                Collectors.toMap(
                    it -> it,
                    it ->
                        new BootableImage(
                            it,
                            Path.of("/kernel"),
                            Optional.of(Path.of("/initramfs")),
                            Optional.empty(),
                            "",
                            true,
                            true,
                            Set.of(ShareFileSystem.VIRTIOFS))));
    return Lab.withDisksOf(topology, Lab.host(Lab.NO_KVM, images));
  }
}
