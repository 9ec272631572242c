package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.terminal.Palette;
import dev.topology.cli.terminal.Table;
import dev.topology.source.DiagnosticId;
import dev.topology.source.DiagnosticId.Severity;
import dev.topology.source.Explanation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology explain}: more about a kind of mistake than its report has room for. */
final class ExplainVerb implements Verb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Tells more about the mistakes that validate, plan and up report.")
        .word(
            "ID",
            "0..*",
            VerbSpec.words(DiagnosticId.class),
            "What stands in brackets in the report, such as unknown-key. Without one, lists all.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    Palette palette = invocation.terminal().palette();
    List<String> pages = new ArrayList<>();
    for (String word : invocation.<String>arguments()) {
      pages.add(page(Explanation.of(id(word)), palette));
    }
    invocation.print(pages.isEmpty() ? all(palette) : String.join("\n\n", pages));
    return ExitCode.DONE;
  }

  /** The kind of mistake that a word names; {@code error[unknown-key]} is understood too. */
  private static DiagnosticId id(String word) throws UsageException {
    String name = word.replaceAll("^.*\\[|].*$", "");
    return Arrays.stream(DiagnosticId.values())
        .filter(it -> it.toString().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static UsageException unknown(String name) {
    return new UsageException(
        "no report has \""
            + name
            + "\" in it"
            + UsageErrors.meant(name, VerbSpec.words(DiagnosticId.class))
            + "\n  `topology explain` lists all that there are");
  }

  private static String all(Palette palette) {
    Table table =
        new Table(
            Arrays.stream(DiagnosticId.values())
                .map(id -> List.of(id.toString(), id.severity().toString(), id.summary()))
                .toList());
    return table
        + "\n"
        + palette.faint("`topology explain ID` tells more about one of them, with an example.");
  }

  private static String page(Explanation page, Palette palette) {
    DiagnosticId id = page.id();
    String kind = id.severity() + "[" + id + "]";
    return (id.severity() == Severity.ERROR ? palette.error(kind) : palette.warning(kind))
        + palette.strong(": " + id.summary())
        + "\n\n"
        + page.meaning()
        + page.example().map(it -> example(it, palette)).orElse("")
        + "\n"
        + palette.strong("Why")
        + "\n\n"
        + page.reason();
  }

  private static String example(Explanation.Example example, Palette palette) {
    return code(palette.strong("Wrong"), example.wrong())
        + code(palette.strong("Right"), example.right());
  }

  private static String code(String heading, String yaml) {
    return "\n" + heading + "\n\n" + yaml.indent(4);
  }
}
