package dev.topology.run.node;

import dev.topology.console.ConsoleLine.LineListener;
import dev.topology.console.ConsoleRecord;
import dev.topology.console.Expectation;
import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Expectation.Match;
import dev.topology.console.Mark;
import dev.topology.run.RunningNode;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A node's console: what it has printed, waiting for what it will print, and typing.
 *
 * <p>Waits look at everything from the start on, or from a {@link #mark} on in {@link #from}; what
 * is there already is found at once. Carriage returns and control sequences are no part of the
 * text, and a match may come in any number of pieces. Where a kernel message could split it, have
 * the planner keep the kernel log apart ({@link
 * dev.topology.plan.Planner.PlanOptions#withKernelLogApart}).
 *
 * <p>A wait takes {@linkplain #DEFAULT_DEADLINE five minutes} at the most unless it says otherwise,
 * can be interrupted, and fails within milliseconds of the node's end, with the last lines of the
 * console in the message. The newest 8 MiB are kept; {@link RunningNode#consoleLog} has everything.
 * Thread-safe.
 *
 * <pre>{@code
 * Mark before = console.mark();
 * console.sendLine("ip addr");
 * Match address = console.from(before).expect(Pattern.compile("inet ([0-9.]+)/31"));
 * }</pre>
 */
public final class Console {

  /**
   * How long a wait takes at the most unless it says otherwise. It ends what hangs, and is no
   * expectation: an emulated guest on a busy host needs a minute for what takes a second elsewhere.
   */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(5);

  private final ConsoleRecord record;
  private final Supplier<NodeWaiter> waiter;
  private final Mark start;

  public Console(ConsoleRecord record, Supplier<NodeWaiter> waiter) {
    this(record, waiter, Mark.START);
  }

  private Console(ConsoleRecord record, Supplier<NodeWaiter> waiter, Mark start) {
    this.record = record;
    this.waiter = waiter;
    this.start = start;
  }

  /** The place after everything printed so far. */
  public Mark mark() {
    return record.mark();
  }

  /** The same console, with waits and text from a mark on: {@code from(match.end())}. */
  public Console from(Mark mark) {
    return new Console(record, waiter, mark);
  }

  /**
   * Everything printed, from the mark on where this console begins at one.
   *
   * @throws ExpectationException when what is after the mark is not kept any more
   */
  public String text() {
    return start.equals(Mark.START) ? record.text() : record.text(start);
  }

  /** Waits for a text, which may have line feeds in it. */
  public Match expect(String text) throws InterruptedException {
    return expect(text, DEFAULT_DEADLINE);
  }

  /**
   * Waits for a text, which may have line feeds in it.
   *
   * @throws NodeEndedException if the node ends before
   * @throws ExpectationException if the time is up before
   */
  public Match expect(String text, Duration deadline) throws InterruptedException {
    return expect(Expectation.text(text), deadline);
  }

  /** Waits for a line in which a regular expression is found: see {@link Expectation.Line}. */
  public Match expect(Pattern regex) throws InterruptedException {
    return expect(regex, DEFAULT_DEADLINE);
  }

  /**
   * Waits for a line in which a regular expression is found: see {@link Expectation.Line}.
   *
   * @throws NodeEndedException if the node ends before
   * @throws ExpectationException if the time is up before, or the expression takes too long
   */
  public Match expect(Pattern regex, Duration deadline) throws InterruptedException {
    return expect(Expectation.line(regex), deadline);
  }

  private Match expect(Expectation wanted, Duration deadline) throws InterruptedException {
    NodeWaiter now = waiter.get();
    try {
      return record.await(wanted, start, deadline);
    } catch (ExpectationException e) {
      if (e.reason() == ExpectationException.Reason.ENDED) {
        throw now.ended("it had printed " + wanted);
      }
      throw e;
    }
  }

  /**
   * Types a text. Where the guest reads nothing and 64 KiB and more are waiting for it, this waits
   * as well, up to {@linkplain #DEFAULT_DEADLINE five minutes}.
   *
   * @throws NodeEndedException if the node has ended
   * @throws OutOfTimeException if the guest has not read enough to make room
   */
  public void send(String text) throws InterruptedException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Types any bytes, control characters as well: see {@link #send(String)}. */
  public void send(byte[] bytes) throws InterruptedException {
    Deadline deadline = Deadline.in(DEFAULT_DEADLINE);
    NodeWaiter now = waiter.get();
    Outlet outlet = now.ports().typed();
    if (!outlet.write(ByteBuffer.wrap(bytes), deadline)) {
      String what = "it had read what was typed on its console";
      throw deadline.left().isZero() ? now.outOfTime(deadline, what) : now.ended(what);
    }
  }

  /** Types a line and the key that ends it. */
  public void sendLine(String line) throws InterruptedException {
    send(line + "\n");
  }

  /** The last lines, the oldest first; an unfinished line is the last. */
  public List<String> tail(int count) {
    return record.tail(count);
  }

  /**
   * Shows a viewer what is printed from now on, byte by byte, controls and all, until what is
   * returned is closed. It must return at once, must not throw, and must not change the bytes.
   */
  public Viewing view(Consumer<byte[]> viewer) {
    record.addViewer(viewer);
    return () -> record.removeViewer(viewer);
  }

  /** A viewer's looking on, until it is closed. */
  @FunctionalInterface
  public interface Viewing extends AutoCloseable {

    @Override
    void close();
  }

  /** Tells a listener the lines that end from now on; it must return at once. */
  public void onLine(LineListener listener) {
    record.addListener(listener);
  }
}
