package dev.topology.cli;

import dev.topology.cli.report.BuildProgress;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.image.ImageBuilder;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageStore;
import java.time.Clock;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology image build}. */
final class ImageBuildVerb implements Verb {

  private static final String PACKAGE = "--package";

  @Override
  public String command() {
    return "topology image build";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this, "Builds a guest image from this system's own packages, as an ordinary user.")
        .positional("NAME", "0..1", String.class, "What topology files will call it: default.")
        .options(
            PACKAGE + " -p",
            "PACKAGE",
            "Puts this package in, with what it depends on. May be given again.")
        .footer(
            "",
            "An image of the same name is replaced. For example:",
            "  topology image build router --package bird2 --package tcpdump",
            "",
            "Maintainer scripts of packages are not run. What they make, such as the keys of sshd,",
            "the command of a node has to make.")
        .exits(
            ExitCode.DONE,
            ExitCode.WRONG_USAGE,
            ExitCode.UNFIT_HOST,
            ExitCode.HANGUP,
            ExitCode.INTERRUPTED,
            ExitCode.TERMINATED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    ImageRecipe recipe = recipe(invocation);
    ImageStore store = new ImageStore(invocation.surroundings().images());
    String headline = "Building guest image \"" + recipe.name() + "\" from this system's packages";
    try (StopSignals signals = StopSignals.listen();
        BuildProgress progress = new BuildProgress(invocation.terminal(), headline)) {
      progress.during(
          signals, () -> new ImageBuilder(store, Clock.systemUTC()).build(recipe, progress));
      return ExitCode.DONE;
    }
  }

  private static ImageRecipe recipe(Invocation invocation) throws UsageException {
    String name = invocation.argument().orElse(ImageRecipe.DEFAULT.name());
    if (name.equals(ImageRecipe.DEFAULT.name()) && !invocation.options(PACKAGE).isEmpty()) {
      throw new UsageException(
          "the image \"default\" has no packages added to it: give this one another name");
    }
    try {
      return new ImageRecipe(name, invocation.options(PACKAGE));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
