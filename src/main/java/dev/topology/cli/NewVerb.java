package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.language.starter.Shape;
import dev.topology.language.starter.Shape.Dimension;
import dev.topology.language.starter.StarterFile;
import dev.topology.source.Diagnostic;
import dev.topology.source.SourceText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology new}: a file to start from. */
final class NewVerb implements Verb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Writes a topology file to start from, with comments, that runs.")
        .footer("", "For example:", "  topology new ring --nodes 6 --output ring.yaml")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public List<Part> parts() {
    return Arrays.stream(Shape.values())
        .map(shape -> new Part(shape.toString(), new NewShapeVerb(shape)))
        .toList();
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException(
        "say which shape: topology new "
            + Arrays.stream(Shape.values()).map(Shape::toString).collect(Collectors.joining(", ")));
  }

  /** {@code topology new ring} and the like. */
  private static final class NewShapeVerb implements Verb {

    private static final String NAME = "--name";

    private final Shape shape;

    NewShapeVerb(Shape shape) {
      this.shape = shape;
    }

    @Override
    public CommandSpec spec() {
      VerbSpec spec = VerbSpec.of(this, shape.summary());
      for (Dimension dimension : shape.dimensions()) {
        spec.option(
            option(dimension),
            "N",
            Integer.class,
            dimension.meaning()
                + " "
                + dimension.least()
                + " to "
                + dimension.most()
                + "; "
                + dimension.usual()
                + " unless given.");
      }
      spec.option(NAME, "NAME", String.class, "The topology's name; " + shape + " unless given.");
      return OutputFile.options(spec)
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation)
        throws UsageException, OutputFile.UnwritableException {
      Map<String, Integer> sizes = sizes(invocation);
      Optional<String> problem = shape.problem(sizes);
      if (problem.isPresent()) {
        throw new UsageException(problem.get());
      }
      Optional<String> name = invocation.option(NAME);
      OutputFile file = OutputFile.of(invocation);
      String called =
          file.path().map(Object::toString).orElse(name.orElse(shape.toString()) + ".yaml");
      String text = StarterFile.text(shape, name.orElse(shape.toString()), sizes, called);
      if (name.isPresent()) {
        check(text);
      }
      file.write(text);
      return ExitCode.DONE;
    }

    private Map<String, Integer> sizes(Invocation invocation) {
      Map<String, Integer> sizes = new HashMap<>();
      for (Dimension dimension : shape.dimensions()) {
        invocation
            .<Integer>option(option(dimension))
            .ifPresent(value -> sizes.put(dimension.name(), value));
      }
      return sizes;
    }

    private static String option(Dimension dimension) {
      return "--" + dimension.name();
    }

    /** Only the name can be wrong in it. */
    private static void check(String text) throws UsageException {
      LoadResult result =
          new TopologyLoader().load(LoadRequest.ofText(new SourceText(NAME, text), Map.of()));
      Optional<Diagnostic> mistake =
          result.diagnostics().stream().filter(Diagnostic::isError).findFirst();
      if (mistake.isPresent()) {
        throw new UsageException(
            NAME
                + ": "
                + mistake.get().message()
                + mistake.get().hint().map(hint -> "; " + hint).orElse(""));
      }
    }
  }
}
