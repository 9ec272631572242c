package dev.topology.cli;

import dev.topology.console.HumanText;
import dev.topology.launch.Launcher;
import dev.topology.load.LoadResult;
import dev.topology.load.LoadResult.Loaded;
import dev.topology.model.Topology;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.Paint;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology validate}: every mistake in a file, in one run. */
final class ValidateVerb implements Verb {

  @Override
  public String command() {
    return "topology validate";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Checks a topology file and says all that is wrong with it.")
        .file()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public ExitCode run(Invocation invocation) {
    LoadResult result = new Launcher(invocation.surroundings()).load(invocation.file());
    if (!result.diagnostics().isEmpty()) {
      Paint paint = new DiagnosticColors(invocation.terminal().palette());
      invocation.print(new DiagnosticRenderer(paint).report(result.diagnostics()));
    }
    if (!(result instanceof Loaded loaded)) {
      return ExitCode.WRONG_USAGE;
    }
    invocation.print(invocation.file() + ": " + size(loaded.topology()) + ", no errors");
    return ExitCode.DONE;
  }

  /** {@code 2 nodes, 1 cable}. */
  static String size(Topology topology) {
    return HumanText.count(topology.nodes().size(), "node")
        + ", "
        + HumanText.count(topology.cables().size(), "cable");
  }
}
