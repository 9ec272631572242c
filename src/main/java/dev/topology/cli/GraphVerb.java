package dev.topology.cli;

import dev.topology.graph.DotText;
import dev.topology.graph.MermaidText;
import dev.topology.graph.NetworkGraph;
import dev.topology.graph.SvgDrawing;
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
  public String command() {
    return "topology graph";
  }

  @Override
  public CommandSpec spec() {
    VerbSpec spec =
        VerbSpec.of(this, "Draws a topology, with its interfaces, addresses and host ports.")
            .file()
            .option(
                FORMAT,
                "FORMAT",
                Format.class,
                "svg, for browsers; mermaid, for Markdown; or dot, for Graphviz.");
    return NewFile.options(spec)
        .footer("", "For example:", "  topology graph lab.yaml --output lab.svg")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    NetworkGraph graph = NetworkGraph.of(LoadedFile.of(invocation));
    Format format = invocation.<Format>option(FORMAT).orElse(Format.SVG);
    NewFile.of(invocation).write(text(graph, format));
    return ExitCode.DONE;
  }

  private static String text(NetworkGraph graph, Format format) {
    return switch (format) {
      case SVG -> SvgDrawing.of(graph);
      case MERMAID -> MermaidText.of(graph);
      case DOT -> DotText.of(graph);
    };
  }
}
