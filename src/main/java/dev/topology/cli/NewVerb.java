package dev.topology.cli;

import dev.topology.language.starter.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology new}: a file to start from. */
final class NewVerb implements Verb {

  @Override
  public String command() {
    return "topology new";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Writes a topology file to start from, with comments, that runs.")
        .footer("", "For example:", "  topology new ring --nodes 6 --output ring.yaml")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public List<Verb> parts() {
    return Arrays.stream(Shape.values()).<Verb>map(NewShapeVerb::new).toList();
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException(
        "say which shape: topology new "
            + Arrays.stream(Shape.values()).map(Shape::toString).collect(Collectors.joining(", ")));
  }
}
