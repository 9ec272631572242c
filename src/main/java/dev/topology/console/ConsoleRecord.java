package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.console.ConsoleLine.LineListener;
import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Expectation.ExpectationException.Reason;
import dev.topology.console.Expectation.Match;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What a node has printed, as text: its lines for listeners, its last lines for a failure report,
 * and the text to wait in.
 *
 * <p>Bytes come from one thread, usually a {@link ConsolePump}; everything else may be called by
 * any thread. Listeners and waits are served by the thread that brings the bytes. Time comes in
 * only as the parameter {@code nowNanos}, a reading of {@link System#nanoTime}.
 *
 * <p>Memory is bounded: the text for waits is kept up to a capacity (the newer half of it at
 * least), the tail up to 128 KiB.
 */
public final class ConsoleRecord {

  /** How many bytes of text are kept for waits unless said otherwise: 8 MiB. */
  public static final int DEFAULT_CAPACITY = 8 * 1024 * 1024;

  /** How long a console must be quiet before its unfinished line is given out. */
  public static final Duration QUIET = Duration.ofMillis(150);

  /** After how long an unfinished line is given out even if it keeps growing. */
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Bytes are cleaned in pieces of this size, which bounds the scratch memory. */
  private static final int PIECE = 16 * 1024;

  /** Between half of this and all of it is kept of the last lines. */
  private static final int TAIL_CAPACITY = 128 * 1024;

  private static final byte[] LINE_END = {'\n'};
  private static final int LINES_IN_MESSAGE = 20;

  private final String node;
  private final Object lock = new Object();
  private final ControlFilter filter = new ControlFilter();
  private final CleanText clean = new CleanText(PIECE + PIECE / 4);
  private final LineAssembler lines = new LineAssembler(new Lines());

  /** The finished lines. */
  private final TextBuffer tail = new TextBuffer(TAIL_CAPACITY);

  private final List<LineListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<byte[]>> viewers = new CopyOnWriteArrayList<>();
  private final Transcript transcript;
  private long newestNanos;
  private long newsSinceNanos;

  /** A record with the {@linkplain #DEFAULT_CAPACITY default capacity}. */
  public ConsoleRecord(String node) {
    this(node, DEFAULT_CAPACITY);
  }

  /**
   * @param node the node's name, for messages
   * @param capacity the bytes of text kept for waits; at least 256 KiB are taken
   */
  public ConsoleRecord(String node, int capacity) {
    this.node = node;
    this.transcript = new Transcript(capacity, this::failure);
  }

  public String node() {
    return node;
  }

  /** Takes bytes the node printed; one thread at a time. Blocks no longer than the listeners do. */
  public void accept(byte[] bytes, int from, int count, long nowNanos) {
    if (!viewers.isEmpty()) {
      byte[] copy = Arrays.copyOfRange(bytes, from, from + count);
      viewers.forEach(viewer -> viewer.accept(copy));
    }
    for (int done = 0; done < count; done += PIECE) {
      int at = from + done;
      int piece = Math.min(PIECE, count - done);
      takeIn(nowNanos, () -> filter.filter(bytes, at, piece, clean));
    }
  }

  /**
   * The node will not print any more: gives out its last line and fails the waits that are left.
   *
   * @param why half a sentence for their messages, such as "QEMU has exited"
   */
  public void end(String why, long nowNanos) {
    takeIn(nowNanos, () -> filter.end(clean));
    synchronized (lock) {
      lines.end();
    }
    transcript.end(why);
  }

  /** The node will print again after all. Waits that failed stay failed. */
  public void resume() {
    transcript.resume();
  }

  private void takeIn(long nowNanos, Runnable filtering) {
    clean.clear();
    filtering.run();
    synchronized (lock) {
      boolean hadNews = lines.hasNews();
      lines.accept(clean);
      newestNanos = nowNanos;
      newsSinceNanos = hadNews ? newsSinceNanos : nowNanos;
    }
    transcript.append(clean);
  }

  /**
   * Gives listeners the unfinished line if it has something new and the console has been {@link
   * #QUIET}, or the news are older than {@link #PATIENCE}. To be called every so often.
   */
  public void giveOutUnfinished(long nowNanos) {
    synchronized (lock) {
      if (nowNanos - newestNanos >= QUIET.toNanos()
          || nowNanos - newsSinceNanos >= PATIENCE.toNanos()) {
        lines.giveOutUnfinished();
      }
    }
  }

  /** Keeps lines, and makes strings of them only where there are listeners. */
  private final class Lines implements LineAssembler.Sink {

    @Override
    public void lines(byte[] utf8, int from, int to) {
      tail.append(utf8, from, to - from);
      if (!listeners.isEmpty()) {
        String text = new String(utf8, from, to - from, UTF_8);
        text.lines().forEach(line -> tell(new ConsoleLine(line, true)));
      }
    }

    @Override
    public void line(byte[] utf8, int from, int count, boolean finished) {
      if (finished) {
        tail.append(utf8, from, count);
        tail.append(LINE_END, 0, 1);
      }
      if (!listeners.isEmpty()) {
        tell(new ConsoleLine(new String(utf8, from, count, UTF_8), finished));
      }
    }
  }

  private void tell(ConsoleLine line) {
    for (LineListener listener : listeners) {
      tell(listener, line);
    }
  }

  private void tell(LineListener listener, ConsoleLine line) {
    try {
      listener.line(line);
    } catch (RuntimeException bug) {
      // The guest's output has to be drained even if a listener fails, and a bug has to be seen.
      listeners.remove(listener);
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
    }
  }

  /** Tells a listener the lines that end from now on. */
  public void addListener(LineListener listener) {
    listeners.add(listener);
  }

  /**
   * Shows a viewer what is printed from now on, byte by byte, controls and all: for a terminal that
   * is the guest's for the moment. It must return at once, must not throw, and must not change the
   * bytes.
   */
  public void addViewer(Consumer<byte[]> viewer) {
    viewers.add(viewer);
  }

  /** Removes a viewer; a call in progress may still go on. */
  public void removeViewer(Consumer<byte[]> viewer) {
    viewers.remove(viewer);
  }

  /** Removes a listener; a call in progress may still go on. */
  public void removeListener(LineListener listener) {
    listeners.remove(listener);
  }

  /** The last lines, the oldest first; an unfinished line is the last. */
  public List<String> tail(int count) {
    synchronized (lock) {
      String unfinished = lines.unfinished();
      if (unfinished.isEmpty()) {
        return tail.lastLines(count);
      }
      List<String> last = new ArrayList<>(tail.lastLines(count - 1));
      last.add(unfinished);
      return List.copyOf(last);
    }
  }

  /** The place after everything printed so far. */
  public Mark mark() {
    return transcript.mark();
  }

  /** Everything printed that is still kept. */
  public String text() {
    return transcript.text(transcript.oldest());
  }

  /**
   * Everything printed from a mark on.
   *
   * @throws ExpectationException with {@link Reason#FORGOTTEN} when that is not kept any more
   */
  public String text(Mark from) {
    return transcript.text(from);
  }

  /**
   * The first place, from a mark on, where the console prints what is expected.
   *
   * <p>The future is completed by the thread that drains the console, so what depends on it must be
   * quick; or exceptionally with an {@link ExpectationException} when the console ends. It knows no
   * deadline. Cancel it to wait no more.
   */
  public CompletableFuture<Match> find(Expectation expectation, Mark from) {
    return transcript.find(expectation, from);
  }

  /**
   * Waits until the console has printed, from a mark on, what is expected. Does not wait if it has.
   *
   * @throws ExpectationException when the deadline passes or the console ends before that, at once
   *     and with the last lines of the console in the message
   */
  public Match await(Expectation expectation, Mark from, Duration deadline)
      throws InterruptedException {
    CompletableFuture<Match> found = find(expectation, from);
    try {
      return found.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      String within = " within " + HumanText.duration(deadline);
      throw failure(Reason.OUT_OF_TIME, "did not print " + expectation + within);
    } catch (ExecutionException e) {
      throw here(e);
    } finally {
      found.cancel(false);
    }
  }

  /** The same exception with the stack trace of the waiting thread. */
  private static RuntimeException here(ExecutionException e) {
    return e.getCause() instanceof ExpectationException failed
        ? failed.here()
        : new IllegalStateException(e.getCause());
  }

  private ExpectationException failure(Reason reason, String what) {
    List<String> last = tail(LINES_IN_MESSAGE);
    String end =
        last.isEmpty()
            ? "\n  it has printed nothing"
            : "\n  the end of its console:\n    " + String.join("\n    ", last);
    return new ExpectationException(reason, node + " " + what + end);
  }
}
