package dev.topology.cli;

import dev.topology.cli.Invocation.RejectedException;
import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.ValidationText.DiagnosticColors;
import dev.topology.cli.report.ValidationText.MistakesText;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instances;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Instances.Supervisor;
import dev.topology.control.Request;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.text.HumanText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology apply}: a running topology becomes what its file says now. */
final class ApplyVerb implements Verb {

  private static final String DRY_RUN = "--dry-run";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Brings a running topology to what its file now says.")
        .file()
        .flag(DRY_RUN + " -n", "Only say what would be done.")
        .options(
            UpVerb.ONLY, "NODE", "Only this node, without cables to others. May be given again.")
        .instance()
        .footer(
            "",
            "New nodes and cables start, those that are not in the file any more end, those that have",
            "changed restart, and the others do not notice. A node gets its cables when it starts: a",
            "new one restarts the nodes that it joins. What is done is said before it is done; a",
            "mistake in the file changes nothing.",
            "",
            "What a node really gets counts, the content of its files too: comments and another order",
            "of nodes change nothing. Addresses that the file does not give stay. A cable is shaped",
            "anew, gets a shaper or loses it without a restart; on_exit, depends_on and ready hold at",
            "once. What was cut, paused or stopped stays so, unless it changes. A node that runs on",
            "finds new ones by their addresses, and by their names after its next start.",
            "",
            "Returns when all nodes are ready. A node that cannot be started is said to have failed,",
            "and the others run on; one that fails later ends the topology as always.",
            "Without --instance, the topology that was brought up from the file is meant, or else the",
            "one of its name. --dry-run exits with 0, whether there is something to do or not.")
        .exits(
            ExitCode.DONE,
            ExitCode.WRONG_USAGE,
            ExitCode.UNFIT_HOST,
            ExitCode.REFUSED,
            ExitCode.HANGUP,
            ExitCode.INTERRUPTED,
            ExitCode.TERMINATED);
  }

  @Override
  public void prepare() {
    TopologyLoader.prepare();
    ControlClient.prepare();
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    WrittenFile file = WrittenFile.read(invocation);
    Topology topology = UpVerb.wanted(file.topology(invocation), invocation);
    Instance instance = instance(topology, invocation);
    boolean dry = invocation.has(DRY_RUN);
    try (StopSignals signals = StopSignals.listen()) {
      if (!dry) {
        boolean boots = instance.supervisor().filter(Supervisor::boots).isPresent();
        UpVerb.prepare(topology, boots, invocation, signals);
      }
      try (ControlClient client = signals.during(instance::connect)) {
        signals.insteadDo(client::close);
        List<String> changes = file.apply(client, /* dry= */ true, invocation);
        if (changes.isEmpty()) {
          invocation.print(instance.name() + ": runs as the file says; nothing to do");
          return ExitCode.DONE;
        }
        invocation.print(String.join("\n", changes));
        if (!dry) {
          carryOut(file, client, instance.name(), invocation);
        }
        return ExitCode.DONE;
      } catch (ControlException e) {
        if (signals.received().isPresent()) {
          invocation.printError(
              instance.name()
                  + ": what was begun goes on; `topology events --instance "
                  + instance.name()
                  + "` shows it");
          return ExitCode.of(signals.received().get());
        }
        throw e;
      }
    }
  }

  private static void carryOut(
      WrittenFile file, ControlClient client, String name, Invocation invocation)
      throws ControlException, IOException {
    long began = System.nanoTime();
    file.apply(client, /* dry= */ false, invocation);
    client.call(new Request.AwaitReady());
    Duration after = Duration.ofNanos(System.nanoTime() - began);
    invocation.print(name + ": ready after " + HumanText.duration(after));
  }

  /** The one that was brought up from the file, or else that of its name. */
  private static Instance instance(Topology topology, Invocation invocation)
      throws UsageException, IOException {
    if (invocation.option(InstanceChoice.OPTION).isPresent()) {
      return InstanceChoice.running(invocation);
    }
    Path file = invocation.user().resolve(invocation.file());
    List<Instance> all = new Instances(invocation.user().runtime()).running();
    List<Instance> ofFile =
        all.stream()
            .filter(it -> it.supervisor().filter(s -> s.file().equals(file)).isPresent())
            .toList();
    return ofFile.size() == 1
        ? ofFile.get(0)
        : InstanceChoice.running(invocation, Optional.of(topology.name()));
  }

  /** The text of a file, read once. */
  private static final class WrittenFile {

    private final String name;
    private final Path directory;
    private final byte[] text;

    /**
     * @param name what messages call it
     * @param directory where relative paths in it start; absolute
     */
    private WrittenFile(String name, Path directory, byte[] text) {
      this.name = name;
      this.directory = directory;
      this.text = text;
    }

    static WrittenFile read(Invocation invocation) throws IOException, RejectedException {
      Path file = invocation.file();
      if (Invocation.isStandardInput(file)) {
        return new WrittenFile(
            "<stdin>", invocation.user().directory(), invocation.in().readAllBytes());
      }
      Path path = invocation.user().resolve(file);
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        // Says in which way it cannot be read.
        invocation.topology();
        throw new RejectedException();
      }
      Path directory = Optional.ofNullable(path.getParent()).orElse(path);
      return new WrittenFile(file.toString(), directory, Files.readAllBytes(path));
    }

    /**
     * What it says.
     *
     * @throws RejectedException if it cannot be used, which has been said
     */
    Topology topology(Invocation invocation) throws RejectedException {
      UserDirectories user = invocation.user();
      Launcher launcher =
          new Launcher(
              new UserDirectories(user.environment(), directory, user.cache(), user.runtime()));
      LoadResult result = launcher.load(new ByteArrayInputStream(text), name);
      // Ports of nodes that run are in use by them.
      List<Diagnostic> found =
          result.diagnostics().stream().filter(it -> it.id() != DiagnosticId.PORT_IN_USE).toList();
      if (!found.isEmpty()) {
        DiagnosticColors colors = new DiagnosticColors(invocation.terminal().errorPalette());
        invocation.printError(new MistakesText(found).text(colors));
      }
      if (result instanceof LoadResult.Loaded loaded) {
        return loaded.topology();
      }
      throw new RejectedException();
    }

    List<String> apply(ControlClient client, boolean dry, Invocation invocation)
        throws ControlException, IOException {
      List<String> environment =
          invocation.user().environment().entrySet().stream()
              .map(it -> it.getKey() + "=" + it.getValue())
              .toList();
      Request.Apply request =
          new Request.Apply(
              name, directory.toString(), environment, invocation.options(UpVerb.ONLY), dry);
      return client
          .call(request, new ControlClient.Listener() {}, new ByteArrayInputStream(text))
          .changes();
    }
  }
}
