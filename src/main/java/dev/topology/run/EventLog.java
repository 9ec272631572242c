package dev.topology.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All events of a run, in one order, and their listeners. Thread-safe. */
final class EventLog {

  /** Enough for a thousand nodes that are restarted often; older events are dropped. */
  private static final int KEPT = 10_000;

  private final ArrayDeque<RunEvent> events = new ArrayDeque<>();
  private final List<Consumer<RunEvent>> listeners = new ArrayList<>();

  /**
   * Adds an event and passes it to all listeners, one event at a time. Nothing is added after the
   * end of the run.
   */
  synchronized void add(RunEvent event) {
    if (events.peekLast() instanceof RunEvent.Over) {
      return;
    }
    events.add(event);
    if (events.size() > KEPT) {
      events.remove();
    }
    listeners.forEach(listener -> listener.accept(event));
  }

  /** Passes a listener all events that are kept, at once, and then each new one. */
  synchronized void addListener(Consumer<RunEvent> listener) {
    events.forEach(listener);
    listeners.add(listener);
  }

  /** What has happened so far. */
  synchronized List<RunEvent> soFar() {
    return List.copyOf(events);
  }
}
