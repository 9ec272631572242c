package dev.topology.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Everything that happened in a run, in order, and those who want to hear of it. Thread-safe. */
final class EventLog {

  private final List<RunEvent> events = new ArrayList<>();
  private final List<Consumer<RunEvent>> listeners = new ArrayList<>();

  /** Notes an event and tells it to everyone, one event at a time. */
  synchronized void add(RunEvent event) {
    events.add(event);
    listeners.forEach(listener -> listener.accept(event));
  }

  /** Tells a listener everything from the start on: at once what has happened, then what will. */
  synchronized void addListener(Consumer<RunEvent> listener) {
    events.forEach(listener);
    listeners.add(listener);
  }

  /** What has happened so far. */
  synchronized List<RunEvent> soFar() {
    return List.copyOf(events);
  }
}
