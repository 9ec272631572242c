package dev.topology.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Everything that happened in a run, in order, and those who want to hear of it. Thread-safe. */
final class EventLog {

  /** Enough for a thousand nodes that are restarted often; what is older is forgotten. */
  private static final int KEPT = 10_000;

  private final ArrayDeque<RunEvent> events = new ArrayDeque<>();
  private final List<Consumer<RunEvent>> listeners = new ArrayList<>();

  /** Notes an event and tells it to everyone, one event at a time. Nothing comes after the end. */
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

  /** Tells a listener everything that is kept: at once what has happened, then what will. */
  synchronized void addListener(Consumer<RunEvent> listener) {
    events.forEach(listener);
    listeners.add(listener);
  }

  /** What has happened so far. */
  synchronized List<RunEvent> soFar() {
    return List.copyOf(events);
  }
}
