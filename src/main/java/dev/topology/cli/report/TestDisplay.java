package dev.topology.cli.report;

import dev.topology.cli.terminal.LiveArea;
import dev.topology.cli.terminal.Terminal;
import dev.topology.model.TestStep;
import dev.topology.suite.TestJob;
import dev.topology.suite.TestListener;
import dev.topology.suite.TestNetwork;
import dev.topology.suite.TestResult;
import dev.topology.suite.TestResult.Failed;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows tests while they run: what each is doing at the bottom of a terminal, and what came of it
 * once it is over. Thread-safe.
 *
 * <p>Owns the thread {@code test-status}, which redraws the bottom.
 */
public final class TestDisplay implements TestListener, AutoCloseable {

  private static final int MOST_ROWS = 8;

  /** What else there is to say about each result, in a form that is not for people. */
  private final ResultWriter writer;

  private final Terminal terminal;
  private final TestReport report;
  private final boolean annotates;
  private final Map<TestJob, Activity> running = new LinkedHashMap<>();
  private final LiveArea live;
  private int done;

  /** Takes what came of tests, as TAP does. */
  @FunctionalInterface
  public interface ResultWriter {
    /** Writes a result; false leaves it to be told in words. */
    boolean write(TestResult result);
  }

  private record Activity(String what, long sinceNanos) {}

  /**
   * Shows nothing yet.
   *
   * @param annotates whether failures are told to GitHub's runner as well
   */
  public TestDisplay(Terminal terminal, TestReport report, boolean annotates, ResultWriter writer) {
    this.terminal = terminal;
    this.report = report;
    this.annotates = annotates;
    this.writer = writer;
    this.live = new LiveArea(terminal, "test-status", this::rows);
    live.begin();
  }

  @Override
  public synchronized void began(TestJob job) {
    running.put(job, new Activity("starting", System.nanoTime()));
  }

  @Override
  public synchronized void step(TestJob job, TestStep step) {
    Activity now = running.get(job);
    long since = now == null ? System.nanoTime() : now.sinceNanos();
    running.put(job, new Activity(step.summary(), since));
  }

  @Override
  public synchronized void failed(TestResult result, TestNetwork network) {
    show(result);
  }

  @Override
  public synchronized void ended(TestResult result) {
    show(result);
  }

  /** Once for each: a failed test is shown before its network ends. */
  private void show(TestResult result) {
    boolean isNew = running.remove(result.job()) != null;
    if (!isNew) {
      return;
    }
    done++;
    if (!writer.write(result)) {
      terminal.print(report.line(result));
      if (result.outcome() instanceof Failed failed) {
        terminal.print("\n" + report.failure(failed) + "\n");
      }
    }
    if (annotates && result.outcome() instanceof Failed failed) {
      terminal.printError(report.annotation(result, failed));
    }
  }

  private List<String> rows() {
    int columns = terminal.columns();
    List<String> rows = new ArrayList<>();
    synchronized (this) {
      running.forEach((job, activity) -> rows.add(row(job, activity)));
      if (rows.size() > MOST_ROWS) {
        int more = rows.size() - MOST_ROWS;
        rows.subList(MOST_ROWS, rows.size()).clear();
        rows.add("  and " + more + " more");
      }
      rows.add("  " + HumanText.count(done, "test") + " done");
    }
    return rows.stream().map(it -> terminal.glyphs().fit(it, columns)).toList();
  }

  private String row(TestJob job, Activity activity) {
    String time = HumanText.elapsed(Duration.ofNanos(System.nanoTime() - activity.sinceNanos()));
    return "  "
        + report.name(job)
        + " "
        + terminal.glyphs().dot()
        + " "
        + activity.what()
        + " "
        + terminal.glyphs().dot()
        + " "
        + time;
  }

  /** Removes what is at the bottom, and joins the thread. Idempotent. An interrupt stays set. */
  @Override
  public void close() {
    live.close();
  }
}
