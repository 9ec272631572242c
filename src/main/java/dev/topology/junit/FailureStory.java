package dev.topology.junit;

import dev.topology.model.Topology;
import dev.topology.run.FailureReport;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells a failure as the message of an exception. */
final class FailureStory {

  private FailureStory() {}

  static String of(Topology topology, FailureReport report) {
    return Stream.of(
            headline(topology, report),
            report.cause().remedy().map(it -> "  " + it).orElse(""),
            paragraph("the end of its console", report.consoleTail()),
            paragraph("what its kernel said", report.kernelTail()),
            paragraph("what its QEMU said", report.stderr().lines()))
        .filter(paragraph -> !paragraph.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static String headline(Topology topology, FailureReport report) {
    return topology.name() + ": " + report.headline();
  }

  private static String paragraph(String title, List<String> lines) {
    return lines.isEmpty()
        ? ""
        : "  " + title + lines.stream().map(line -> "\n    " + line).collect(Collectors.joining());
  }
}
