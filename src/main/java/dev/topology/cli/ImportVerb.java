package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.ValidationText.DiagnosticColors;
import dev.topology.language.containerlab.Import;
import dev.topology.language.containerlab.Import.Finding;
import dev.topology.language.containerlab.Import.Places;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.language.yaml.YamlText;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.SourceText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology import}: files of other programs. */
final class ImportVerb implements Verb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Makes a topology file of a file of another program.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Part("containerlab", new ImportContainerlabVerb()));
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say whose file it is: topology import containerlab FILE");
  }

  /** {@code topology import containerlab}. */
  private static final class ImportContainerlabVerb implements Verb {

    /** A line or a value that begins with an action of text/template. */
    private static final Pattern TEMPLATE = Pattern.compile("(?m)^\\s*(- *)?(\\S+: *)?\\{\\{");

    @Override
    public CommandSpec spec() {
      VerbSpec spec =
          VerbSpec.of(this, "Makes a topology file of a containerlab file.")
              .positional("FILE", "1", Path.class, "The containerlab file; - is standard input.");
      return OutputFile.options(spec)
          .footer(
              "",
              "Nodes, bridges and links become nodes, switches and cables, and container images",
              "stay what they are; addresses, routes and forwarding that \"exec\" sets up become keys,",
              "and its other commands \"exec\".",
              "What has no counterpart is said on standard error, with its place, and once more at",
              "the head of the new file. What is written is always a valid topology. Relative paths",
              "lead where they led, from the directory of -o if that is another one; on standard",
              "output they are absolute.")
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation)
        throws UsageException, OutputFile.UnwritableException {
      requireNoTemplate(invocation);
      Optional<SourceText> source = invocation.text(invocation.file());
      if (source.isEmpty()) {
        return ExitCode.WRONG_USAGE;
      }
      Import imported =
          Import.of(source.get(), places(invocation), text -> errors(text, invocation))
              .orElseThrow(
                  () ->
                      new UsageException(
                          source.get()
                              + " is no containerlab file: it has no \"nodes\" in a \"topology\""));
      for (Finding finding : imported.findings()) {
        invocation.printError(finding.toString());
      }
      if (imported.text().isEmpty()) {
        throw new UsageException(
            source.get() + " has nothing to import: none of its nodes is a machine");
      }
      List<Diagnostic> left = errors(new SourceText("<new file>", imported.text()), invocation);
      if (!left.isEmpty()) {
        DiagnosticColors paint = new DiagnosticColors(invocation.terminal().errorPalette());
        invocation.printError(new DiagnosticRenderer(paint).report(left));
        throw new UsageException(source.get() + " is more than a topology can hold");
      }
      OutputFile.of(invocation).write(imported.text(), invocation.file());
      return ExitCode.DONE;
    }

    /** Only containerlab knows the data of a template, and it has no command that fills it in. */
    private static void requireNoTemplate(Invocation invocation) throws UsageException {
      Path file = invocation.file();
      if (!Invocation.isStandardInput(file)
          && TEMPLATE.matcher(YamlText.read(file).source().text()).find()) {
        throw new UsageException(
            file + " is a Go template, not YAML: import what comes out when it is filled in");
      }
    }

    private static Places places(Invocation invocation) {
      Path lab = directory(invocation.file(), invocation);
      Optional<Path> topology =
          OutputFile.of(invocation).path().map(it -> directory(it, invocation));
      return new Places(
          lab,
          topology,
          path -> Files.exists(home(path, invocation)),
          path -> Files.isDirectory(home(path, invocation)));
    }

    /** Where relative paths of a file start. */
    private static Path directory(Path file, Invocation invocation) {
      Path absolute = invocation.user().resolve(file).normalize();
      return Objects.requireNonNullElse(absolute.getParent(), absolute);
    }

    private static Path home(Path path, Invocation invocation) {
      String home = invocation.user().environment().getOrDefault("HOME", "~");
      return path.startsWith("~") ? Path.of(home).resolve(Path.of("~").relativize(path)) : path;
    }

    private static List<Diagnostic> errors(SourceText text, Invocation invocation) {
      LoadRequest request = LoadRequest.ofText(text, invocation.user().environment());
      return new TopologyLoader()
          .load(request).diagnostics().stream().filter(Diagnostic::isError).toList();
    }
  }
}
