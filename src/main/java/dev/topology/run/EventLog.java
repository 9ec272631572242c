package dev.topology.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All events of a run, in one order: for listeners, and for readers of any speed, each of which
 * asks for what comes after what it has. Thread-safe.
 */
public final class EventLog {

  /** Enough for a thousand nodes that are restarted often; older events are dropped. */
  private static final int KEPT = 10_000;

  private final List<Entry> entries = new ArrayList<>();
  private final List<Consumer<RunEvent>> listeners = new ArrayList<>();
  private long dropped;
  private boolean over;

  EventLog() {}

  /** An event, and when it happened. */
  public record Entry(Instant at, RunEvent event) {}

  /**
   * Some of the log.
   *
   * @param next the number of the event that comes after these
   * @param isLast whether no event comes after these
   */
  public record Page(List<Entry> entries, long next, boolean isLast) {}

  /**
   * Adds an event and passes it to all listeners, one event at a time. Nothing is added after the
   * end of the run.
   */
  synchronized void add(RunEvent event) {
    if (over) {
      return;
    }
    entries.add(new Entry(Instant.now(), event));
    if (entries.size() > KEPT) {
      entries.remove(0);
      dropped++;
    }
    over = event instanceof RunEvent.Over;
    notifyAll();
    listeners.forEach(listener -> listener.accept(event));
  }

  /** Passes a listener all events that are kept, at once, and then each new one. */
  synchronized void addListener(Consumer<RunEvent> listener) {
    soFar().forEach(listener);
    listeners.add(listener);
  }

  /** What has happened so far. */
  synchronized List<RunEvent> soFar() {
    return entries.stream().map(Entry::event).toList();
  }

  /** The events from a number on: 0, or {@code next} of the page before. */
  public synchronized Page from(long number) {
    int index = (int) Math.max(0, number - dropped);
    return new Page(
        List.copyOf(entries.subList(index, entries.size())), dropped + entries.size(), over);
  }

  /** The same, but waits until there is something, or nothing will be any more. */
  public synchronized Page awaitFrom(long number) throws InterruptedException {
    while (!over && dropped + entries.size() <= number) {
      wait();
    }
    return from(number);
  }
}
