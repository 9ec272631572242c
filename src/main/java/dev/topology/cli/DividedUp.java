package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cluster.DividedRun;
import dev.topology.cluster.MachineFacts;
import dev.topology.cluster.Placement;
import dev.topology.cluster.Placer;
import dev.topology.cluster.Placer.Machines;
import dev.topology.language.yaml.Interpolation;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.posix.PrivateDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code topology up --on agents:2}: a topology that agents run, which somebody starts by hand. */
final class DividedUp {

  static final String ON = "--on";

  private static final List<String> UNFIT =
      List.of(
          UpVerb.ONLY,
          UpVerb.NAME,
          UpVerb.DETACH,
          UpVerb.RESTORE,
          UpVerb.BOOT,
          UpVerb.TIMEOUT,
          UpVerb.QUIET,
          UpVerb.KEEP_LOGS);

  private static final Pattern AGENTS = Pattern.compile("agents:([1-9][0-9]{0,3})");
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Topology topology;
  private final Invocation invocation;

  DividedUp(Topology topology, Invocation invocation) {
    this.topology = topology;
    this.invocation = invocation;
  }

  ExitCode carryOut(StopSignals signals) throws Exception {
    int machines = machines();
    refuseOptions();
    refuseHostFiles();
    Placement placement =
        Placer.place(topology, new Machines(OptionalInt.of(machines), Optional.empty()));
    Path file = invocation.user().resolve(invocation.file());
    String text = Files.readString(file);
    DividedRun.Source source =
        new DividedRun.Source(file.getFileName().toString(), text, variables(text), machines);
    try (DividedRun run =
        DividedRun.open(
            placement,
            source,
            InetAddress.getLoopbackAddress(),
            TopologyVerb.version(),
            new Display())) {
      List<Path> files = write(run.invitations());
      try {
        signals.insteadDo(run::stop);
        Optional<String> failure = run.carryOut(PATIENCE);
        failure.ifPresent(invocation::printError);
        invocation.print(topology.name() + ": " + (failure.isPresent() ? "failed" : "done"));
        return failure.isPresent()
            ? ExitCode.NODE_FAILED
            : signals.received().map(ExitCode::of).orElse(ExitCode.DONE);
      } finally {
        for (Path each : files) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  /** Those that the file names: what else is in the environment is nobody's business elsewhere. */
  private Map<String, String> variables(String text) {
    Map<String, String> all = invocation.user().environment();
    Map<String, String> named = new LinkedHashMap<>(all);
    named.keySet().retainAll(Interpolation.namesIn(text));
    return named;
  }

  private int machines() throws UsageException {
    String on = invocation.<String>option(ON).orElseThrow();
    Matcher matcher = AGENTS.matcher(on);
    if (!matcher.matches()) {
      throw new UsageException(ON + " takes agents:N, such as agents:2, not \"" + on + "\"");
    }
    return Integer.parseInt(matcher.group(1));
  }

  private void refuseOptions() throws UsageException {
    for (String other : UNFIT) {
      if (invocation.has(other)) {
        throw new UsageException(ON + " and " + other + " do not go together yet");
      }
    }
    if (Invocation.isStandardInput(invocation.file())) {
      throw new UsageException(ON + " takes a file");
    }
  }

  /** They do not travel yet. */
  private void refuseHostFiles() throws UsageException {
    for (Node node : topology.nodes()) {
      boolean needsFiles =
          node.pc().isPresent()
              || node.boot().kernel().isPresent()
              || node.boot().initramfs().isPresent()
              || node.boot().container().isPresent()
              || !node.files().isEmpty()
              || !node.shares().isEmpty()
              || !node.disks().isEmpty();
      if (needsFiles) {
        throw new UsageException(
            "node \"" + node.name() + "\" needs files of this host, which do not reach agents yet");
      }
    }
  }

  /** One file for each agent, that nobody else can read. */
  private List<Path> write(List<String> invitations) throws IOException {
    Path directory = invocation.user().runtime();
    PrivateDirectory.create(directory);
    List<Path> files = new ArrayList<>();
    for (String invitation : invitations) {
      Path file =
          Files.createTempFile(
              directory,
              topology.name() + "-agent-",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      files.add(file);
      Files.writeString(file, invitation + "\n");
      invocation.printError("start an agent: topology agent " + file);
    }
    return files;
  }

  /** Prints what happens. */
  private final class Display implements DividedRun.Listener {

    @Override
    public void arrived(String machine, MachineFacts facts) {
      invocation.print(
          "%s is %s, %d CPUs, %d MiB free"
              .formatted(machine, facts.name(), facts.cpus(), facts.memoryBytes() >> 20));
    }

    @Override
    public void node(String machine, String node, String state, String detail) {
      invocation.print(machine + " │ " + node + " " + state + ": " + detail);
    }
  }
}
