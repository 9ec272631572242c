package dev.topology.cli.report;

import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.StatusLine;
import dev.topology.cli.terminal.StatusLine.NodePhase;
import dev.topology.cli.terminal.Terminal;
import dev.topology.console.ConsoleRecord;
import dev.topology.console.LineMultiplexer;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.run.RunEvent;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Shows a run: what happens, what its nodes print, and a status line.
 *
 * <p>A terminal can be stopped with Ctrl-S; neither the run nor its consoles may wait for it. So
 * all is shown by threads of its own, {@code run-display} and the multiplexer's, and only closing
 * it waits until everything has been shown.
 */
public final class RunDisplay implements RunListener, AutoCloseable {

  private static final Duration LINES_FIRST = Duration.ofSeconds(1);

  /** So long after the last thing that happened a run is said to wait. */
  private static final Duration QUIET_TIME = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final boolean quiet;
  private final NodeLines lines;
  private final RunText text;
  private final Path file;
  private final StatusLine status;
  private final LineMultiplexer consoles;
  private final AwaitedTasks awaited;
  private final ExecutorService display =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "run-display"));
  private final Executor later =
      CompletableFuture.delayedExecutor(QUIET_TIME.toMillis(), TimeUnit.MILLISECONDS, display);
  private Topology topology;
  private int eventsShown;
  private boolean hasToldOfWaiting;
  private volatile Runnable whenReaderIsLost = () -> {};

  /**
   * Shows what is about to run.
   *
   * @param file as the user named it
   * @param quiet whether to show only what goes wrong
   */
  public RunDisplay(Preparation preparation, Path file, Terminal terminal, boolean quiet) {
    this.terminal = terminal;
    this.quiet = quiet;
    List<String> names = preparation.topology().nodes().stream().map(Node::name).toList();
    this.lines = new NodeLines(terminal, names);
    this.text = new RunText(preparation, terminal, lines);
    this.file = file;
    this.topology = preparation.topology();
    this.consoles = new LineMultiplexer(lines);
    this.status = new StatusLine(terminal, names);
    this.awaited = new AwaitedTasks(preparation.topology());
    tell(text.headline());
  }

  /** Runs an action once the reader of the output has gone: {@code topology up | head}. */
  public void onLostReader(Runnable action) {
    whenReaderIsLost = action;
    display.execute(this::lookForReader);
  }

  private void lookForReader() {
    if (terminal.failure().isPresent()) {
      whenReaderIsLost.run();
    }
  }

  @Override
  public void opened(ConsoleRecord console) {
    if (!quiet) {
      consoles.follow(console);
    }
  }

  @Override
  public void happened(RunEvent event) {
    notePhase(event);
    display.execute(() -> show(event));
  }

  private void notePhase(RunEvent event) {
    if (event instanceof RunEvent.Changed changed) {
      List<String> names = changed.topology().nodes().stream().map(Node::name).toList();
      lines.expect(names);
      status.expect(names);
    } else if (event instanceof RunEvent.NodeStarted started) {
      status.phase(started.node(), NodePhase.STARTING);
    } else if (event instanceof RunEvent.NodeReady ready) {
      status.phase(ready.node(), NodePhase.READY);
    } else if (event instanceof RunEvent.NodeEnded ended) {
      boolean failed = ended.outcome() instanceof NodeOutcome.Failed;
      status.phase(ended.node(), failed ? NodePhase.FAILED : NodePhase.DONE);
    }
  }

  /** At most once in a run. */
  private void tellOfWaiting(int eventsShownThen) {
    Optional<String> what = awaited.describe();
    if (what.isPresent() && !hasToldOfWaiting && eventsShown == eventsShownThen) {
      hasToldOfWaiting = true;
      tell(what.get());
    }
  }

  private void show(RunEvent event) {
    awaited.note(event);
    int shown = ++eventsShown;
    later.execute(() -> tellOfWaiting(shown));
    if (event instanceof RunEvent.Changed changed) {
      topology = changed.topology();
      text.become(topology);
      changed.changes().forEach(this::tell);
    } else if (event instanceof RunEvent.Launched launched) {
      tell(text.map(launched.hostPorts()));
    } else if (event instanceof RunEvent.NodeReady ready) {
      afterItsLines(() -> lines.say(ready.node(), RunText.ready(ready)));
    } else if (event instanceof RunEvent.NodeEnded ended
        && !(ended.outcome() instanceof NodeOutcome.Failed)) {
      // What failed is reported at the end, with all that helps to understand it.
      afterItsLines(() -> terminal.print(text.ended(ended)));
    } else if (event instanceof RunEvent.Warned warned) {
      terminal.printError(text.warning(warned, terminal.errorPalette()));
    } else if (event instanceof RunEvent.Over over) {
      end(over);
    }
    lookForReader();
  }

  private void end(RunEvent.Over over) {
    status.close();
    TopologyOutcome outcome = over.outcome();
    if (outcome instanceof TopologyOutcome.Failed failed) {
      terminal.printError(
          new FailureText(topology, file, terminal.errorPalette()).of(failed.report()));
    } else if (outcome instanceof TopologyOutcome.OutOfTime outOfTime) {
      terminal.printError(text.outOfTime(outOfTime));
    } else if (outcome instanceof TopologyOutcome.Unguarded unguarded) {
      terminal.printError(text.unguarded(unguarded));
    } else {
      tell(text.over(over));
    }
  }

  private void tell(String something) {
    if (!quiet && !something.isEmpty()) {
      terminal.print(something);
    }
  }

  /** What a node printed before something happened is shown before it. */
  private void afterItsLines(Runnable saying) {
    if (quiet) {
      return;
    }
    try {
      consoles.settle(LINES_FIRST);
      saying.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until all that happened has been shown, however long the terminal is stopped. */
  @Override
  public void close() {
    display.shutdown();
    try {
      display.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consoles.close();
    status.close();
  }

  /** Tells what a run without any more events is waiting for. Not thread-safe. */
  static final class AwaitedTasks {

    private Topology topology;
    private List<String> tasks;
    private final Set<String> unready = new LinkedHashSet<>();
    private final Set<String> done = new HashSet<>();

    AwaitedTasks(Topology topology) {
      this.topology = topology;
      this.tasks = TopologyOutcome.Done.tasks(topology);
      topology.nodes().forEach(node -> unready.add(node.name()));
    }

    void note(RunEvent event) {
      if (event instanceof RunEvent.Changed changed) {
        become(changed.topology());
      } else if (event instanceof RunEvent.NodeReady ready) {
        unready.remove(ready.node());
      } else if (event instanceof RunEvent.NodeEnded ended
          && ended.outcome() instanceof NodeOutcome.Done) {
        unready.remove(ended.node());
        done.add(ended.node());
      } else if (event instanceof RunEvent.NodeRestarted restarted) {
        unready.add(restarted.node());
        done.remove(restarted.node());
      }
    }

    private void become(Topology changed) {
      List<String> names = changed.nodes().stream().map(Node::name).toList();
      names.stream().filter(name -> topology.node(name).isEmpty()).forEach(unready::add);
      unready.retainAll(names);
      done.retainAll(names);
      topology = changed;
      tasks = TopologyOutcome.Done.tasks(changed);
    }

    /** What the run waits for, if every node is up and waiting may be a mistake of the user. */
    Optional<String> describe() {
      if (!unready.isEmpty()) {
        return Optional.empty();
      }
      List<String> left = tasks.stream().filter(name -> !done.contains(name)).toList();
      if (left.isEmpty() || !hasCommand(left.get(0))) {
        return Optional.of("every node is ready, and runs until it is stopped");
      }
      return done.stream().anyMatch(tasks::contains)
          ? Optional.of(
              "waiting for "
                  + left.stream().limit(5).collect(Collectors.joining(", "))
                  + (left.size() > 5 ? " and " + (left.size() - 5) + " more" : "")
                  + ", whose command has not ended. Is it a service? Then say \"on_exit: fail\"")
          : Optional.empty();
    }

    private boolean hasCommand(String name) {
      return topology.node(name).flatMap(Node::command).isPresent();
    }
  }
}
