package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cluster.MachineAgent;
import dev.topology.launch.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology agent}: runs one machine's part of a topology for a coordinator. */
final class AgentVerb implements Verb {

  private static final Set<PosixFilePermission> OWN =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Runs one machine's part of a topology, for an up on another machine.")
        .positional(
            "INVITATION",
            "0..1",
            Path.class,
            "The file that up wrote for this agent, of mode 0600; standard input unless given.")
        .footer("", "It ends with that up, whichever way that ends, and leaves nothing.")
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
    String line = invitation(invocation);
    Launcher launcher = new Launcher(invocation.user());
    try (StopSignals signals = StopSignals.listen()) {
      return signals.during(
          () -> {
            MachineAgent.work(line, launcher, TopologyVerb.version());
            return ExitCode.DONE;
          });
    }
  }

  private static String invitation(Invocation invocation) throws UsageException, IOException {
    Optional<Path> file =
        Optional.ofNullable(invocation.parsed().<Path>matchedPositionalValue(0, null));
    if (file.isEmpty()) {
      String line = new BufferedReader(new InputStreamReader(invocation.in(), UTF_8)).readLine();
      return line == null ? "" : line;
    }
    Path path = invocation.user().resolve(file.get());
    if (!OWN.containsAll(Files.getPosixFilePermissions(path))) {
      throw new UsageException(
          path + " can be read by others, who know its token now: start up again");
    }
    return Files.readString(path);
  }
}
