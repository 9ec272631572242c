package dev.topology.cli;

import dev.topology.cli.report.GithubAnnotations;
import dev.topology.cli.report.Sarif;
import dev.topology.cli.report.ValidationJson;
import dev.topology.cli.report.ValidationText;
import dev.topology.cli.report.ValidationText.CheckedFile;
import dev.topology.cli.report.ValidationText.DiagnosticColors;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher;
import dev.topology.source.Diagnostic;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology validate}: every mistake in one or more files, in one run. */
final class ValidateVerb implements Verb {

  private static final String FORMAT = "--format";
  private static final String STRICT = "--strict";

  /** Whom the report is for. */
  enum Format {
    TEXT,
    JSON,
    SARIF,
    GITHUB
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Checks topology files and says all that is wrong with them.")
        .positional("FILE", "1..*", Path.class, "The topology files; - is standard input.")
        .option(
            FORMAT,
            "FORMAT",
            Format.class,
            "text, json, sarif (2.1.0, for code scanning) or github (annotations in a workflow).")
        .flag(STRICT, "Refuse files with warnings too.")
        .footer(
            "",
            "json is one object: version (1), errors and warnings (how many), and files, each with",
            "file, valid, topology (name, nodes, cables, and waysOut: the cable and where to of each",
            "cable that leads out; if it is valid) and diagnostics, each with id, severity (error or",
            "warning), message, hint (if there is one), location and related (label and location).",
            "A location has file, and start and end if the file could be read: line and column from",
            "1, in Unicode code points, the end being the place after the last character. Members",
            "may be added; none will be removed or change its meaning",
            "while the version is 1.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public void prepare() {
    TopologyLoader.prepare();
  }

  @Override
  public ExitCode run(Invocation invocation) {
    Launcher launcher = new Launcher(invocation.user());
    List<CheckedFile> files =
        invocation.<Path>arguments().stream()
            .map(file -> invocation.check(file, launcher))
            .toList();
    boolean strict = invocation.has(STRICT);
    switch (invocation.<Format>option(FORMAT).orElse(Format.TEXT)) {
      case TEXT ->
          invocation.print(
              new ValidationText(files, strict)
                  .text(new DiagnosticColors(invocation.terminal().palette())));
      case JSON -> invocation.print(new ValidationJson(files).all().toPrettyString());
      case SARIF ->
          invocation.print(new Sarif(files, TopologyVerb.version()).log().toPrettyString());
      case GITHUB -> invocation.print(new GithubAnnotations(files).text());
    }
    return files.stream().allMatch(file -> isAccepted(file, strict))
        ? ExitCode.DONE
        : ExitCode.WRONG_USAGE;
  }

  private static boolean isAccepted(CheckedFile file, boolean strict) {
    return strict
        ? file.diagnostics().isEmpty()
        : file.diagnostics().stream().noneMatch(Diagnostic::isError);
  }
}
