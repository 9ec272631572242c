package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.InstanceText;
import dev.topology.cli.terminal.TerminalTraits.Glyphs;
import dev.topology.cluster.Placer.PlacementException;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import dev.topology.control.TopologyStatus;
import dev.topology.control.TopologyStatus.CableStatus;
import dev.topology.control.TopologyStatus.NodeStatus;
import dev.topology.graph.DotText;
import dev.topology.graph.MermaidText;
import dev.topology.graph.NetworkGraph;
import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Health;
import dev.topology.graph.NetworkGraph.LineEnd;
import dev.topology.graph.NetworkGraph.MachineBox;
import dev.topology.graph.NetworkGraph.NodeBox;
import dev.topology.graph.SvgDrawing;
import dev.topology.model.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology graph}: a picture of a topology. */
final class GraphVerb implements Verb {

  private static final String FORMAT = "--format";

  /** What can show the picture. */
  enum Format {
    SVG,
    MERMAID,
    DOT
  }

  @Override
  public CommandSpec spec() {
    VerbSpec spec =
        VerbSpec.of(
                this, "Draws a topology: interfaces, addresses, ports, and states while it runs.")
            .positional("TOPOLOGY", "1", String.class, "The file, or the name of one that runs.")
            .option(
                FORMAT,
                "FORMAT",
                Format.class,
                "svg, for browsers; mermaid, for Markdown; or dot, for Graphviz.");
    return OutputFile.options(PlacementOptions.of(spec))
        .footer("", "For example:", "  topology graph lab.yaml --output lab.svg")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    NetworkGraph graph =
        meansFile(invocation) ? placed(invocation.topology(), invocation) : running(invocation);
    Format format = invocation.<Format>option(FORMAT).orElse(Format.SVG);
    OutputFile.of(invocation)
        .write(text(graph, format), Path.of(invocation.argument().orElseThrow()));
    return ExitCode.DONE;
  }

  private static NetworkGraph placed(Topology topology, Invocation invocation)
      throws UsageException, PlacementException {
    List<MachineBox> machines =
        PlacementOptions.placement(topology, invocation).stream()
            .flatMap(it -> it.machines().stream())
            .map(it -> new MachineBox(it.name(), it.names()))
            .toList();
    return NetworkGraph.of(topology).on(machines);
  }

  private static NetworkGraph running(Invocation invocation) throws Exception {
    if (PlacementOptions.areGiven(invocation)) {
      throw new UsageException("what runs is on one machine; machines are for a file");
    }
    return graph(status(InstanceChoice.running(invocation, invocation.argument())));
  }

  /** A name of a running topology is neither a file that exists nor looks like one. */
  private static boolean meansFile(Invocation invocation) {
    String argument = invocation.argument().orElseThrow();
    return argument.equals("-")
        || argument.contains("/")
        || argument.endsWith(".yaml")
        || argument.endsWith(".yml")
        || Files.exists(invocation.user().resolve(Path.of(argument)));
  }

  private static TopologyStatus status(Instance instance) throws ControlException {
    try (ControlClient client = instance.connect()) {
      return client.call(new Request.Status());
    }
  }

  private static String text(NetworkGraph graph, Format format) {
    return switch (format) {
      case SVG -> SvgDrawing.of(graph);
      case MERMAID -> MermaidText.of(graph);
      case DOT -> DotText.of(graph);
    };
  }

  /** What a picture of a running topology shows. */
  private static NetworkGraph graph(TopologyStatus status) {
    return new NetworkGraph(
        status.name(),
        Stream.of(
                status.nodes().stream().map(GraphVerb::box),
                status.switches().stream().map(it -> NodeBox.ofSwitch(it, List.of())),
                status.cables().stream()
                    .flatMap(it -> Stream.of(it.left(), it.right()))
                    .filter(GraphVerb::isOutside)
                    .map(NodeBox::ofOutside))
            .flatMap(Function.identity())
            .toList(),
        status.cables().stream().map(GraphVerb::link).toList());
  }

  private static NodeBox box(NodeStatus node) {
    InstanceText text = new InstanceText(Glyphs.UNICODE);
    Condition condition = new Condition(node.state(), health(node.state()));
    return new NodeBox(
        node.name(), Optional.of(condition), node.hostPorts().stream().map(text::port).toList());
  }

  private static Health health(String state) {
    return switch (state) {
      case "ready", "done" -> Health.WELL;
      case "failed" -> Health.FAILED;
      case "stopped" -> Health.GONE;
      default -> Health.WAITING;
    };
  }

  private static CableLine link(CableStatus cable) {
    return new CableLine(
        cable.name(),
        plug(cable.left(), cable.leftAddresses()),
        plug(cable.right(), cable.rightAddresses()),
        cable.shaping().orElse(""),
        cable.isCut());
  }

  /** No node, switch or interface has a "/" in its name. */
  private static boolean isOutside(String end) {
    return end.indexOf('/') >= 0;
  }

  private static LineEnd plug(String end, List<String> addresses) {
    int colon = end.indexOf(':');
    if (colon < 0 || isOutside(end)) {
      return new LineEnd(end, "", addresses);
    }
    return new LineEnd(end.substring(0, colon), end.substring(colon + 1), addresses);
  }
}
