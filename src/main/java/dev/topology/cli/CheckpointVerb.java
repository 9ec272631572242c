package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import dev.topology.launch.Checkpoints;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology checkpoint}: saves a whole run, to be brought back by {@code up --restore}. */
final class CheckpointVerb implements ClientVerb {

  private static final String OUTPUT = "--output";
  private static final String FORCE = "--force";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Saves a running topology as it is, to be brought back later.")
        .positional("NAME", "0..1", String.class, "What to call it; the topology's name otherwise.")
        .option(OUTPUT + " -o", "DIR", String.class, "Make it there, rather than below the cache.")
        .flag(FORCE, "Replace a checkpoint that is there.")
        .instance()
        .footer(
            "",
            "All nodes stand still for a moment, and go on; no frame on a cable is lost or doubled.",
            "  topology up --restore NAME",
            "brings all of them back, with the connections that they have to each other. Those to",
            "the host, and programs run by `topology exec`, are not brought back.",
            "`topology cache list` shows what was saved, `topology cache remove NAME` removes it.",
            "It holds the memory of the guests, with whatever secrets are in it. Bring back only",
            "what you trust.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    Instance instance = InstanceChoice.running(invocation);
    Path place = place(invocation, instance.name());
    long began = System.nanoTime();
    try (ControlClient client = instance.connect()) {
      long bytes =
          client.call(new Request.Checkpoint(place.toString(), invocation.has(FORCE))).bytes();
      invocation.print(
          instance.name()
              + ": saved in "
              + place
              + ", "
              + HumanText.bytes(bytes)
              + ", after "
              + HumanText.duration(Duration.ofNanos(System.nanoTime() - began)));
      return ExitCode.DONE;
    }
  }

  /** Where it is to be. */
  private static Path place(Invocation invocation, String topology) throws UsageException {
    Optional<String> output = invocation.option(OUTPUT);
    if (output.isEmpty()) {
      return named(invocation.argument().orElse(topology), invocation);
    }
    if (invocation.argument().isPresent()) {
      throw new UsageException("give it a name, or a directory by " + OUTPUT + ", not both");
    }
    Path place = invocation.user().resolve(Path.of(output.get()));
    if (place.getParent() == null) {
      throw new UsageException(
          OUTPUT + " takes a directory that is not there yet, such as /tmp/lab");
    }
    return place;
  }

  private static Path named(String name, Invocation invocation) throws UsageException {
    if (!Checkpoints.isName(name)) {
      throw new UsageException(
          "\""
              + name
              + "\" is not a name: use letters, digits, dots, hyphens and underscores, or give a"
              + " directory by "
              + OUTPUT
              + " DIR");
    }
    return new Checkpoints(invocation.user()).place(name);
  }
}
