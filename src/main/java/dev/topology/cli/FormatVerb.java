package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.language.format.UsualLayout;
import dev.topology.language.format.UsualLayout.UnformattableException;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology format}: every file in the usual layout. */
final class FormatVerb implements Verb {

  private static final String CHECK = "--check";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this, "Puts topology files into the usual layout, without a change of what they say.")
        .positional("FILE", "1..*", Path.class, "The topology files; - is standard input.")
        .flag(CHECK, "Writes nothing; says which files are not in the usual layout.")
        .footer(
            "",
            "Two columns a level, lists further in than their key, a blank line between sections",
            "and never two, quotes only where they are needed. Comments, anchors, variables, the",
            "order of keys, and what is written in brackets stay. A file that is not YAML is left",
            "alone. Standard input goes to standard output.")
        .exits(ExitCode.DONE, ExitCode.NOT_FORMATTED, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public ExitCode run(Invocation invocation) throws OutputFile.UnwritableException {
    List<Path> files = invocation.arguments();
    ExitCode worst = ExitCode.DONE;
    for (Path file : files) {
      ExitCode code = format(file, invocation);
      worst = Comparator.comparingInt(ExitCode::status).compare(code, worst) > 0 ? code : worst;
    }
    return worst;
  }

  private static ExitCode format(Path file, Invocation invocation)
      throws OutputFile.UnwritableException {
    Optional<SourceText> source = invocation.text(file);
    if (source.isEmpty()) {
      return ExitCode.WRONG_USAGE;
    }
    try {
      String before = source.get().text();
      String after = UsualLayout.of(before, invocation.user().environment());
      return invocation.has(CHECK)
          ? check(source.get(), after, invocation)
          : write(file, before, after, invocation);
    } catch (UnformattableException e) {
      invocation.printError(
          "topology: a bug: "
              + source.get()
              + " is left as it is, because laid out anew it would not say the same: "
              + e.getMessage());
      return ExitCode.BUG;
    }
  }

  private static ExitCode check(SourceText source, String after, Invocation invocation) {
    boolean isFine = source.text().equals(after);
    invocation.print(source + (isFine ? ": in the usual layout" : ": not in the usual layout"));
    return isFine ? ExitCode.DONE : ExitCode.NOT_FORMATTED;
  }

  private static ExitCode write(Path file, String before, String after, Invocation invocation)
      throws OutputFile.UnwritableException {
    if (Invocation.isStandardInput(file)) {
      // Not Invocation.print: blank lines at the end can be part of a text.
      invocation.terminal().print(after.replaceFirst("\r?\n\\z", ""));
    } else if (before.equals(after)) {
      invocation.print(file + ": in the usual layout already");
    } else {
      replace(invocation.user().resolve(file), after);
      invocation.print(file + ": formatted");
    }
    return ExitCode.DONE;
  }

  private static void replace(Path file, String text) throws OutputFile.UnwritableException {
    try {
      OutputFile.replace(file, text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new OutputFile.UnwritableException(file + " cannot be written: " + e, e);
    }
  }
}
