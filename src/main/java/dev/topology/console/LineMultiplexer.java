package dev.topology.console;

import dev.topology.console.ConsoleLine.LineListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings the lines of many consoles to one reader in the order of their arrival, on a thread of its
 * own, and never makes a console wait for that reader.
 *
 * <p>A terminal can be stopped with Ctrl-S, a pipe may not be read: each console may be up to a
 * mebibyte ahead of the reader. Beyond that its lines are skipped, and counted, until the reader
 * has caught up with half of them; then it is told how many are missing (they are in the log file).
 * One noisy console does not cost another its lines.
 *
 * <p>Also has the records give out their unfinished lines. Thread-safe.
 */
public final class LineMultiplexer implements AutoCloseable {

  /** How many characters of a console may wait for the reader. */
  static final int AHEAD = 1024 * 1024;

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final Duration LAST_LINES = Duration.ofSeconds(1);

  /** Reads lines; one call at a time, always by the same thread. May be slow. Must not throw. */
  public interface Reader {

    /** Reads a line of a node, or more of one. */
    void line(String node, ConsoleLine line);

    /** Learns that lines of a node are missing at this place. */
    void skipped(String node, long lines);
  }

  private record Entry(Source source, @Nullable ConsoleLine line, long skipped) {

    int size() {
      return line == null ? 0 : line.text().length() + 1;
    }
  }

  /** One console's share of the queue; guarded by the lock. */
  private final class Source implements LineListener {

    private final ConsoleRecord record;
    private int ahead;
    private long skipped;

    Source(ConsoleRecord record) {
      this.record = record;
    }

    @Override
    public void line(ConsoleLine line) {
      lock.lock();
      try {
        offer(this, line);
      } finally {
        lock.unlock();
      }
    }
  }

  private final Reader reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition delivered = lock.newCondition();
  private final Queue<Entry> queue = new ArrayDeque<>();
  private final List<Source> sources = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private long lastTick;
  private boolean reading;
  private boolean closed;

  /** Starts the thread {@code console-lines}. */
  public LineMultiplexer(Reader reader) {
    this.reader = reader;
    this.thread = new Thread(this::deliver, "console-lines");
    thread.setDaemon(true);
    thread.start();
  }

  /** Brings the lines of another console too, from now on. */
  public void follow(ConsoleRecord record) {
    Source source = new Source(record);
    sources.add(source);
    record.addListener(source);
  }

  private void offer(Source source, ConsoleLine line) {
    int size = line.text().length() + 1;
    int limit = source.skipped > 0 ? AHEAD / 2 : AHEAD;
    if (closed || source.ahead + size > limit) {
      source.skipped += line.finished() ? 1 : 0;
      return;
    }
    tellOfSkipped(source);
    source.ahead += size;
    queue.add(new Entry(source, line, 0));
    arrived.signal();
  }

  private void tellOfSkipped(Source source) {
    if (source.skipped > 0) {
      queue.add(new Entry(source, null, source.skipped));
      source.skipped = 0;
    }
  }

  private void deliver() {
    try {
      while (true) {
        Entry entry = next();
        if (entry != null) {
          read(entry);
        } else if (isClosed()) {
          return;
        }
        tick();
      }
    } catch (InterruptedException e) {
      // Only close interrupts this thread, when the reader is stuck.
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    long now = System.nanoTime();
    if (now - lastTick >= TICK_NANOS) {
      lastTick = now;
      sources.forEach(source -> source.record.giveOutUnfinished(now));
    }
  }

  private @Nullable Entry next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (queue.isEmpty() && !closed) {
        sources.forEach(this::tellOfSkipped);
      }
      long left = TICK_NANOS;
      while (queue.isEmpty() && !closed && left > 0) {
        left = arrived.awaitNanos(left);
      }
      Entry entry = queue.poll();
      reading = entry != null;
      return entry;
    } finally {
      lock.unlock();
    }
  }

  private void read(Entry entry) {
    String node = entry.source.record.node();
    if (entry.line == null) {
      reader.skipped(node, entry.skipped);
    } else {
      reader.line(node, entry.line);
    }
    lock.lock();
    try {
      reading = false;
      entry.source.ahead -= entry.size();
      delivered.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the reader has read all that had arrived, so that what is printed next comes after.
   *
   * @return whether it has, in that time
   */
  public boolean settle(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while ((reading || !queue.isEmpty()) && left > 0) {
        left = delivered.awaitNanos(left);
      }
      return !reading && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hears no more, has the reader read what has arrived, for up to a second, and ends the thread.
   * Idempotent. An interrupt ends the waiting and stays set.
   */
  @Override
  public void close() {
    sources.forEach(source -> source.record.removeListener(source));
    lock.lock();
    try {
      sources.forEach(this::tellOfSkipped);
      closed = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(LAST_LINES.toMillis());
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
