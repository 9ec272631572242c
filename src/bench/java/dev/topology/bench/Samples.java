package dev.topology.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Repeated measurements of one thing, in milliseconds. */
final class Samples {

  private static final double NANOS_PER_MILLI = 1e6;

  private final List<Double> millis = new ArrayList<>();

  void addSince(long startNanos) {
    add(System.nanoTime() - startNanos);
  }

  void add(long nanos) {
    millis.add(nanos / NANOS_PER_MILLI);
  }

  double median() {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** What so many in a hundred do not exceed. */
  double percentile(int percent) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return sorted.get((sorted.size() - 1) * percent / 100);
  }

  @Override
  public String toString() {
    double median = median();
    return median < 10 ? "%.1f ms".formatted(median) : "%.0f ms".formatted(median);
  }
}
