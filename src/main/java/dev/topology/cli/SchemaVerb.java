package dev.topology.cli;

import dev.topology.language.schema.JsonSchema;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology schema}: what an editor needs to help with topology files. */
final class SchemaVerb implements Verb {

  @Override
  public String command() {
    return "topology schema";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Prints the JSON Schema of topology files, for editors.")
        .footer(
            "",
            "Editors with the YAML language server check and complete a file that begins with",
            "  # yaml-language-server: $schema=topology.schema.json",
            "once this has put the schema beside it:",
            "  topology schema > topology.schema.json")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public ExitCode run(Invocation invocation) {
    invocation.print(JsonSchema.text());
    return ExitCode.DONE;
  }
}
