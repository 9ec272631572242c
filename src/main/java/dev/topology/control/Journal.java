package dev.topology.control;

import dev.topology.run.RunEvent;
import dev.topology.run.RunningTopology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happened in a run and when, for readers of any speed: each asks for what comes after what it
 * has. Thread-safe.
 */
final class Journal {

  /** Enough for a thousand nodes that are restarted often; what is older is forgotten. */
  private static final int KEPT = 10_000;

  private final List<Event> events = new ArrayList<>();
  private final Map<String, Instant> startedAt = new HashMap<>();
  private final Map<String, Instant> endedAt = new HashMap<>();
  private long forgotten;
  private boolean over;

  /** A journal that is written from now on, and has what happened before. */
  static Journal of(RunningTopology topology) {
    Journal journal = new Journal();
    topology.onEvent(journal::note);
    return journal;
  }

  private synchronized void note(RunEvent event) {
    Instant now = Instant.now();
    if (event instanceof RunEvent.NodeStarted started) {
      startedAt.put(started.node(), now);
      endedAt.remove(started.node());
    } else if (event instanceof RunEvent.NodeEnded ended) {
      endedAt.put(ended.node(), now);
    }
    events.add(Event.of(now, event));
    if (events.size() > KEPT) {
      events.remove(0);
      forgotten++;
    }
    over = event instanceof RunEvent.Over;
    notifyAll();
  }

  /** How long a node's guest has run, or had when it ended; nothing if it never has. */
  synchronized Optional<Duration> uptime(String node) {
    Instant end = endedAt.getOrDefault(node, Instant.now());
    return Optional.ofNullable(startedAt.get(node)).map(start -> Duration.between(start, end));
  }

  /** Some of it. */
  record Pages(List<Event> events, long next, boolean isLast) {}

  /** The events from a number on: 0, or {@code next} of the pages before. */
  synchronized Pages from(long number) {
    int index = (int) Math.max(0, number - forgotten);
    return new Pages(
        List.copyOf(events.subList(index, events.size())), forgotten + events.size(), over);
  }

  /** The same, but waits until there is something, or nothing will be any more. */
  synchronized Pages awaitFrom(long number) throws InterruptedException {
    while (!over && forgotten + events.size() <= number) {
      wait();
    }
    return from(number);
  }
}
