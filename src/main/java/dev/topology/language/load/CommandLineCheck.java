package dev.topology.language.load;

import dev.topology.model.KernelCommandLine;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Whether what nodes add to their kernel command lines leaves room for the planner's own part. */
final class CommandLineCheck {

  private final Report report;

  CommandLineCheck(Report report) {
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  private void check(NodeDraft node) {
    String arguments = Objects.requireNonNullElse(node.keys().cmdline(), "");
    int bytes = arguments.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > KernelCommandLine.ROOM) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.CMDLINE_TOO_LONG,
                  node.locate("cmdline"),
                  "this kernel command line of "
                      + bytes
                      + " bytes is too long: there is room for "
                      + KernelCommandLine.ROOM)
              .hint("with the planner's own part, Linux would cut it off"));
    }
  }
}
