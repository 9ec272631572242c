package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.report.ConsoleLogs;
import dev.topology.cli.terminal.Terminal.LostReader;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import dev.topology.control.TopologyStatus.NodeStatus;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code topology logs}: what nodes have printed.
 *
 * <p>Read from the files in the run directory, so that it costs the run nothing, has everything
 * from the start on, and also works when the topology is no more.
 */
final class LogsVerb implements ClientVerb {

  private static final String FOLLOW = "--follow";
  private static final String LOG = ".console";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Shows what nodes have printed on their consoles.")
        .positional("NODE", "0..*", String.class, "The nodes; all of them if none is named.")
        .instance()
        .flag(FOLLOW + " -f", "Go on with what they will print, until the topology is over.")
        .footer(
            "",
            "Consoles carry no times: what several nodes have printed is shown one node after the",
            "other, what they print from then on as it comes. The logs of a topology that failed",
            "or was detached are kept until the next one of its name.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    Instance instance = InstanceChoice.any(invocation, invocation.option(InstanceChoice.OPTION));
    Optional<ControlClient> client = client(instance);
    try {
      Map<String, Path> logs = chosen(logs(instance, client), invocation, instance);
      try (ConsoleLogs consoles = new ConsoleLogs(logs, invocation.terminal())) {
        if (invocation.has(FOLLOW) && client.isPresent()) {
          consoles.follow(end(client.get()), file -> newcomer(file, invocation));
        } else {
          consoles.show();
        }
      }
    } catch (LostReader lost) {
      return ExitCode.BROKEN_PIPE;
    } finally {
      client.ifPresent(ControlClient::close);
    }
    return ExitCode.DONE;
  }

  /** Empty where it is over, or about to be: its files tell as much. */
  private static Optional<ControlClient> client(Instance instance) throws ControlException {
    try {
      return instance.isRunning() ? Optional.of(instance.connect()) : Optional.empty();
    } catch (ControlException e) {
      if (e.id() == ErrorId.LOST) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Completes when nothing will be printed any more. */
  private static CompletableFuture<?> end(ControlClient client) {
    CompletableFuture<Integer> over = new CompletableFuture<>();
    Thread waiter = new Thread(() -> awaitEnd(client, over), "logs-end");
    waiter.setDaemon(true);
    waiter.start();
    return over;
  }

  private static void awaitEnd(ControlClient client, CompletableFuture<Integer> over) {
    try {
      client.call(new Request.AwaitEnd());
    } catch (ControlException killed) {
      // That is an end too; ps tells of it.
    }
    over.complete(0);
  }

  private static Map<String, Path> logs(Instance instance, Optional<ControlClient> client)
      throws ControlException, IOException {
    Map<String, Path> logs = new LinkedHashMap<>();
    if (client.isPresent()) {
      for (NodeStatus node : client.get().call(new Request.Status()).nodes()) {
        logs.put(node.name(), Path.of(node.consoleLog()));
      }
      return logs;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(instance.directory(), "*" + LOG)) {
      files.forEach(file -> logs.put(node(file), file));
    }
    return new TreeMap<>(logs);
  }

  private static String node(Path log) {
    String name = String.valueOf(log.getFileName());
    return name.substring(0, name.length() - LOG.length());
  }

  /** The node whose log a file is that has come since, unless others are wanted. */
  private static Optional<String> newcomer(Path file, Invocation invocation) {
    boolean isLog = String.valueOf(file.getFileName()).endsWith(LOG);
    return invocation.arguments().isEmpty() && isLog ? Optional.of(node(file)) : Optional.empty();
  }

  private static Map<String, Path> chosen(
      Map<String, Path> logs, Invocation invocation, Instance instance) throws UsageException {
    List<String> wanted = invocation.arguments();
    for (String node : wanted) {
      if (!logs.containsKey(node)) {
        throw new UsageException(
            "topology \""
                + instance.name()
                + "\" has no node \""
                + node
                + "\""
                + UsageErrors.meant(node, logs.keySet()));
      }
    }
    Map<String, Path> chosen = new LinkedHashMap<>(logs);
    chosen.keySet().removeIf(node -> !wanted.isEmpty() && !wanted.contains(node));
    return chosen;
  }
}
