package dev.topology.junit;

import dev.topology.model.Topology;
import dev.topology.run.FailureReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A topology that a test needs did not become ready, or failed since. The message says which node
 * it was, why, and how its console ended.
 */
public final class TopologyFailedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Optional<FailureReport> report;

  TopologyFailedException(String message, Optional<FailureReport> report) {
    super(message);
    this.report = report;
  }

  /** For a node that failed. */
  static TopologyFailedException of(Topology topology, FailureReport report) {
    String message =
        Stream.of(
                topology.name() + ": " + report.headline(),
                report.cause().remedy().map(it -> "  " + it).orElse(""),
                paragraph("the end of its console", report.consoleTail()),
                paragraph("what its kernel said", report.kernelTail()),
                paragraph("what its QEMU said", report.stderr().lines()))
            .filter(paragraph -> !paragraph.isEmpty())
            .collect(Collectors.joining("\n"));
    return new TopologyFailedException(message, Optional.of(report));
  }

  /** What is known of the node that failed, if one did. Its files do not outlive the test. */
  public Optional<FailureReport> report() {
    return report;
  }

  private static String paragraph(String title, List<String> lines) {
    return lines.isEmpty()
        ? ""
        : "  " + title + lines.stream().map(line -> "\n    " + line).collect(Collectors.joining());
  }
}
