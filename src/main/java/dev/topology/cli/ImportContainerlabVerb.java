package dev.topology.cli;

import dev.topology.containerlab.Finding;
import dev.topology.containerlab.Import;
import dev.topology.containerlab.Places;
import dev.topology.load.LoadRequest;
import dev.topology.load.LoadResult;
import dev.topology.load.TopologyLoader;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.SourceText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology import containerlab}. */
final class ImportContainerlabVerb implements Verb {

  @Override
  public String command() {
    return "topology import containerlab";
  }

  @Override
  public CommandSpec spec() {
    VerbSpec spec =
        VerbSpec.of(this, "Makes a topology file of a containerlab file.")
            .positional("FILE", "1", Path.class, "The containerlab file; - is standard input.");
    return NewFile.options(spec)
        .footer(
            "",
            "Nodes and links become nodes and cables; addresses, routes and forwarding that",
            "\"exec\" sets up become keys. What has no counterpart is said on standard error, with",
            "its place, and once more at the head of the new file. Relative paths lead where they",
            "led, from the directory of -o if that is another one.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, UnwritableFileException {
    Optional<SourceText> source = TextFile.read(invocation.file(), invocation);
    if (source.isEmpty()) {
      return ExitCode.WRONG_USAGE;
    }
    Optional<Import> imported = Import.of(source.get(), places(invocation));
    if (imported.isEmpty()) {
      throw new UsageException(
          source.get() + " is no containerlab file: it has no \"nodes\" in a \"topology\"");
    }
    NewFile file = NewFile.of(invocation);
    file.write(imported.get().text(), invocation.file());
    for (Finding finding : imported.get().findings()) {
      invocation.printError(finding.toString());
    }
    return check(imported.get().text(), file, invocation);
  }

  private static Places places(Invocation invocation) {
    Path lab = directory(invocation.file(), invocation);
    Path topology = NewFile.of(invocation).path().map(it -> directory(it, invocation)).orElse(lab);
    return new Places(lab, topology, path -> Files.exists(home(path, invocation)));
  }

  /** Where relative paths of a file start. */
  private static Path directory(Path file, Invocation invocation) {
    Path absolute = invocation.surroundings().resolve(file).normalize();
    return Objects.requireNonNullElse(absolute.getParent(), absolute);
  }

  private static Path home(Path path, Invocation invocation) {
    String home = invocation.surroundings().environment().getOrDefault("HOME", "~");
    return path.startsWith("~") ? Path.of(home).resolve(Path.of("~").relativize(path)) : path;
  }

  /** A lab can be more than a topology can hold: more interfaces, say. */
  private static ExitCode check(String text, NewFile file, Invocation invocation) {
    String name = file.path().map(Path::toString).orElse("<stdout>");
    LoadResult result =
        new TopologyLoader()
            .load(
                LoadRequest.ofText(
                    new SourceText(name, text), invocation.surroundings().environment()));
    if (result.diagnostics().isEmpty()) {
      return ExitCode.DONE;
    }
    DiagnosticColors paint = new DiagnosticColors(invocation.terminal().errorPalette());
    invocation.printError(new DiagnosticRenderer(paint).report(result.diagnostics()));
    return result instanceof LoadResult.Loaded ? ExitCode.DONE : ExitCode.WRONG_USAGE;
  }
}
