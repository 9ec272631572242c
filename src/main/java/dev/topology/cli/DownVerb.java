package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology down}: ends a running topology, and returns when nothing of it is left. */
final class DownVerb implements ClientVerb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Takes a running topology down, and waits until nothing is left.")
        .instanceArgument()
        .footer("", "Of one that is over already, it removes the logs.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    Instance instance = chosen(invocation);
    if (!instance.isRunning()) {
      instance.forget();
      invocation.print(instance.name() + ": was over already; its logs are removed");
      return ExitCode.DONE;
    }
    try (ControlClient client = instance.connect()) {
      client.call(new Request.Down());
    } catch (ControlException e) {
      // Another `down` may have been first.
      if (e.id() != ErrorId.LOST) {
        throw e;
      }
    }
    instance.awaitEnd();
    invocation.print(instance.name() + ": stopped");
    return ExitCode.DONE;
  }

  private static Instance chosen(Invocation invocation) throws UsageException, IOException {
    Optional<String> wanted = invocation.argument();
    return wanted.isPresent()
        ? InstanceChoice.any(invocation, wanted)
        : InstanceChoice.running(invocation, wanted);
  }
}
