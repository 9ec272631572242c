package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.PlacementJson;
import dev.topology.cli.report.PlacementText;
import dev.topology.cli.report.PlanJson;
import dev.topology.cluster.Placement;
import dev.topology.image.ImageRecipe;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.launch.Selection;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.PlanText;
import dev.topology.plan.Planner.PlanException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology plan}: what {@code up} would do, and nothing done. */
final class PlanVerb implements Verb {

  private static final String NODE = "--node";
  private static final String FORMAT = "--format";

  /** What a plan is printed for. */
  enum Format {
    TEXT,
    JSON,
    SHELL
  }

  @Override
  public CommandSpec spec() {
    VerbSpec spec =
        VerbSpec.of(
                this,
                "Shows what up would do: the sockets it would make, and each QEMU's exact arguments.")
            .file();
    return PlacementOptions.of(spec)
        .options(NODE, "NODE", "Only what concerns this node. May be given again.")
        .option(
            FORMAT,
            "FORMAT",
            Format.class,
            "text, json, or shell: a script for each node that boots it alone, without its cables.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public void prepare() {
    TopologyLoader.prepare();
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    Topology topology = invocation.topology();
    Optional<Placement> placement = PlacementOptions.placement(topology, invocation);
    if (placement.isPresent()) {
      print(placement.get(), invocation);
      return ExitCode.DONE;
    }
    List<String> only = invocation.options(NODE);
    // Only looks whether the names exist: a plan of one node still has its cables.
    Selection.of(topology, only);
    Preparation preparation = new Launcher(invocation.user()).preview(topology);
    announceDefaultImage(preparation, invocation);
    print(preparation, only, invocation);
    return ExitCode.DONE;
  }

  private static void print(Placement placement, Invocation invocation) throws UsageException {
    Format format = invocation.<Format>option(FORMAT).orElse(Format.TEXT);
    if (format == Format.SHELL || !invocation.options(NODE).isEmpty()) {
      throw new UsageException(
          PlacementOptions.MACHINES
              + " shows which node goes where, for which there is neither "
              + NODE
              + " nor "
              + FORMAT
              + " shell");
    }
    invocation.print(
        format == Format.JSON ? PlacementJson.of(placement) : PlacementText.of(placement));
  }

  /** Of any other image that is missing, the loader has warned. */
  private static void announceDefaultImage(Preparation preparation, Invocation invocation) {
    String image = ImageRecipe.DEFAULT.name();
    if (preparation.missingImages().contains(image)) {
      invocation.printError(
          "topology: guest image \"" + image + "\" is not built yet; up will build it");
    }
  }

  private static void print(Preparation preparation, List<String> only, Invocation invocation)
      throws PlanException {
    LaunchPlan plan = preparation.plan();
    switch (invocation.<Format>option(FORMAT).orElse(Format.TEXT)) {
      case TEXT -> text(plan, only, invocation);
      case JSON -> json(plan, only, invocation);
      case SHELL -> shell(preparation, only, invocation);
    }
  }

  private static void text(LaunchPlan plan, List<String> only, Invocation invocation) {
    PlanText text = new PlanText(plan);
    if (only.isEmpty()) {
      text.all(invocation::print);
    }
    nodes(plan, only).forEach(node -> invocation.print(text.only(node)));
  }

  private static void json(LaunchPlan plan, List<String> only, Invocation invocation) {
    PlanJson json = new PlanJson(plan);
    if (only.isEmpty()) {
      json.all(invocation::print);
    }
    nodes(plan, only).forEach(node -> invocation.print(json.only(node).toPrettyString()));
  }

  private static List<NodePlan> nodes(LaunchPlan plan, List<String> only) {
    return plan.nodes().stream().filter(node -> only.contains(node.name())).toList();
  }

  private static void shell(Preparation preparation, List<String> only, Invocation invocation)
      throws PlanException {
    for (Node node : preparation.topology().nodes()) {
      if (only.isEmpty() || only.contains(node.name())) {
        invocation.print(preparation.standalone(node).script());
      }
    }
  }
}
