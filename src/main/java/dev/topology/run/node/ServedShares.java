package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.plan.SharePlan;
import dev.topology.plan.SharePlan.Server;
import dev.topology.plan.Virtiofsd;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.Descriptor;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.QueuedConnection;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.posix.Signal;
import dev.topology.posix.Spawn;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The processes that serve the shared directories of one run of a node, one for each directory that
 * QEMU does not serve itself; and a watch over all of the directories.
 *
 * <p>Each lives as long as QEMU. This process keeps a copy of QEMU's end of the connection, so that
 * none of them finds QEMU gone and ends by itself: whichever ends before it is told to has failed,
 * and the node with it.
 */
final class ServedShares implements AutoCloseable {

  /** The only variables that they read; others may hold secrets. */
  private static final String[] ENVIRONMENT = {"LD_LIBRARY_PATH", "PATH", "TZ"};

  /** Taken for the status of one that something else in this JVM collected. */
  private static final ExitStatus KILLED =
      new ExitStatus.Signalled(Signal.KILL.number(), Signal.KILL.name());

  private final List<ChildProcess> processes = new ArrayList<>();
  private final List<CompletableFuture<Void>> ends = new ArrayList<>();
  private final List<Inherited> inherited = new ArrayList<>();
  private final SharedDirectoryWatch watch;
  private volatile boolean ending;

  private ServedShares(SharedDirectoryWatch watch) {
    this.watch = watch;
  }

  /**
   * Starts them all.
   *
   * @throws LaunchException if one cannot be started; none is left then
   */
  static ServedShares start(
      String node, List<SharePlan> shares, Reaper reaper, NodeSignals signals) {
    ServedShares served =
        new ServedShares(
            new SharedDirectoryWatch(
                node, shares.stream().map(SharePlan::directory).toList(), signals::warned));
    for (SharePlan share : shares) {
      if (share.server().isEmpty()) {
        continue;
      }
      Server server = share.server().get();
      try {
        served.start(node, share, server, reaper, signals);
      } catch (IOException e) {
        served.close();
        throw new LaunchException(
            "cannot run " + server.command().get(0) + ": " + Reasons.of(e),
            Reasons.remedy(e, "see what \"topology doctor\" says about shares"),
            e);
      }
    }
    return served;
  }

  private void start(
      String node, SharePlan share, Server server, Reaper reaper, NodeSignals signals)
      throws IOException {
    share.warning().ifPresent(signals::warned);
    QueuedConnection connection = QueuedConnection.open();
    inherited.add(new Inherited(connection.connected(), server.socket().number()));
    try (Descriptor listener = connection.listener()) {
      ChildProcess process =
          Spawn.of(Path.of(server.command().get(0)))
              .named(node + "-" + share.tag())
              .arguments(server.command().subList(1, server.command().size()))
              .keepingOfEnvironment(ENVIRONMENT)
              .guardedBy(reaper)
              .inherit(listener, Virtiofsd.SOCKET)
              .start();
      processes.add(process);
      ends.add(
          process
              .exit()
              .exceptionally(lost -> KILLED)
              .thenAccept(status -> ended(share, process, status, signals)));
    }
  }

  private void ended(
      SharePlan share, ChildProcess process, ExitStatus status, NodeSignals signals) {
    boolean wasEnded = ending && status instanceof ExitStatus.Signalled;
    if (!wasEnded) {
      signals.failed(
          new FailureCause.ShareLost(
              share.directory().hostPath(), status.description(), lastLine(process.output())));
    }
  }

  private static GuestText lastLine(String output) {
    List<String> lines = output.strip().lines().toList();
    return GuestText.line(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
  }

  /** What QEMU inherits: its ends of the connections. They stay open here, see above. */
  Stream<Inherited> inherited() {
    return inherited.stream();
  }

  /**
   * Ends them, after QEMU has ended.
   *
   * @return completes when all are gone, and a failure that one of them ended with is signalled
   */
  CompletableFuture<Void> end() {
    close();
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
  }

  @Override
  public void close() {
    ending = true;
    watch.close();
    processes.forEach(process -> process.signal(Signal.KILL));
    inherited.forEach(end -> end.descriptor().close());
  }
}
