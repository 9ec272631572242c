package dev.topology.cli.report;

import dev.topology.cli.terminal.Palette;
import dev.topology.model.Topology;
import dev.topology.run.FailureReport;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.text.HumanText;
import dev.topology.text.ShellWord;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that helps to understand why a run failed:
 *
 * <pre>
 * web failed: its kernel panicked after 2.3 s. The other 3 nodes were stopped.
 *
 *   the end of its console (all of it: /run/user/1000/topology/shop/web.console)
 *     /etc/topology/start: line 3: httpd: not found
 *
 *   run it alone       topology up shop.yaml --only web
 *   its command line   topology plan shop.yaml --node web --format shell
 * </pre>
 */
public final class FailureText {

  private final Topology topology;
  private final Path file;
  private final Palette palette;

  FailureText(Topology topology, Path file, Palette palette) {
    this.topology = topology;
    this.file = file;
    this.palette = palette;
  }

  /** The paragraphs, a blank line before and between them, without an end of line. */
  String of(FailureReport report) {
    return Stream.of(
            headline(report),
            remedy(report),
            console(report),
            kernel(report),
            qemu(report),
            commands(report))
        .filter(paragraph -> !paragraph.isEmpty())
        .map(paragraph -> "\n" + paragraph)
        .collect(Collectors.joining("\n"));
  }

  private String headline(FailureReport report) {
    return palette.strong(report.node())
        + " "
        + palette.error("failed")
        + ": "
        + report.cause().describe()
        + when(report)
        + "."
        + others();
  }

  private static String remedy(FailureReport report) {
    return report.cause().remedy().map(it -> "  " + it).orElse("");
  }

  /** Empty if the cause tells the time itself. */
  private static String when(FailureReport report) {
    boolean untimed =
        report.cause() instanceof FailureCause.CouldNotStart
            || report.cause() instanceof FailureCause.NotReadyInTime;
    return untimed ? "" : " after " + HumanText.duration(report.after());
  }

  private String others() {
    int others = topology.nodes().size() - 1;
    if (others == 0) {
      return "";
    }
    return others == 1
        ? " The other node was stopped."
        : " The other " + others + " nodes were stopped.";
  }

  private static String console(FailureReport report) {
    return report.consoleTail().isEmpty()
        ? ""
        : "  the end of its console (all of it: "
            + report.consoleLog()
            + ")\n"
            + indented(report.consoleTail());
  }

  private static String kernel(FailureReport report) {
    return report.kernelTail().isEmpty()
        ? ""
        : "  what its kernel said\n" + indented(report.kernelTail());
  }

  private static String qemu(FailureReport report) {
    List<String> said = report.stderr().lines().stream().filter(line -> !isOurDoing(line)).toList();
    return said.isEmpty() || report.cause().describe().contains(String.join("\n", said))
        ? ""
        : "  what its QEMU said\n" + indented(said);
  }

  /** QEMU prints which process ended it; this program is left out. */
  private static boolean isOurDoing(String line) {
    return line.contains(
        "terminating on signal 15 from pid " + ProcessHandle.current().pid() + " ");
  }

  private static String indented(List<String> lines) {
    return lines.stream().map(line -> "    " + line).collect(Collectors.joining("\n"));
  }

  private String commands(FailureReport report) {
    String name = ShellWord.quote(file.toString());
    return "  run it alone       topology up "
        + name
        + " --only "
        + report.node()
        + "\n  its command line   topology plan "
        + name
        + " --node "
        + report.node()
        + " --format shell";
  }
}
