package dev.topology.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Improves a division by moving single vertices: first so that no part is too full, then so that
 * less is cut. In a pass each vertex moves once at most, the move that gains most first, also where
 * it loses something; then all moves after the best moment are taken back (Fiduccia and Mattheyses,
 * "A linear-time heuristic for improving network partitions", 1982). Used by one thread.
 */
final class Refinement {

  private static final int MOST_PASSES = 12;

  /** Rounding of sums of shares. */
  private static final double NOTHING = 1e-9;

  private final Partition partition;
  private final WeightedGraph graph;
  private final int[] connection;
  private final int[] touched;
  private final boolean[] moved;
  private final int[] versions;
  private final PriorityQueue<Move> queue =
      new PriorityQueue<>(
          Comparator.<Move>comparingLong(it -> -it.gain())
              .thenComparingInt(Move::vertex)
              .thenComparingInt(Move::version));

  private Refinement(Partition partition) {
    this.partition = partition;
    this.graph = partition.graph();
    this.connection = new int[partition.parts()];
    this.touched = new int[partition.parts()];
    this.moved = new boolean[graph.size()];
    this.versions = new int[graph.size()];
  }

  /** Improves a division in which each vertex is in a part. */
  static void improve(Partition partition) {
    Refinement refinement = new Refinement(partition);
    int passes = 1;
    while (refinement.pass() && passes < MOST_PASSES) {
      passes++;
    }
  }

  /**
   * A vertex that may move.
   *
   * @param gain by how much less is cut
   * @param version of what is known of the vertex
   */
  private record Move(int vertex, int part, long gain, int version) {}

  /** A move that was done. */
  private record Step(int vertex, int from) {}

  /** Moves each vertex once at most; whether that was good for anything. */
  private boolean pass() {
    queue.clear();
    for (int vertex = 0; vertex < graph.size(); vertex++) {
      moved[vertex] = false;
      if (isAtBorder(vertex)) {
        offer(vertex);
      }
    }
    int patience = 50 + graph.size() / 8;
    List<Step> steps = new ArrayList<>();
    double excess = partition.excess();
    double bestExcess = excess;
    long gain = 0;
    long bestGain = 0;
    int best = 0;
    while (steps.size() - best < patience) {
      Move move = excess > NOTHING ? relief() : next();
      if (move == null) {
        break;
      }
      steps.add(new Step(move.vertex(), partition.partOf(move.vertex())));
      partition.move(move.vertex(), move.part());
      moved[move.vertex()] = true;
      gain += move.gain();
      excess = partition.excess();
      boolean isBetter =
          excess < bestExcess - NOTHING || (excess < bestExcess + NOTHING && gain > bestGain);
      if (isBetter) {
        bestExcess = excess;
        bestGain = gain;
        best = steps.size();
      }
      offerNeighbours(move.vertex());
    }
    for (int index = steps.size() - 1; index >= best; index--) {
      partition.move(steps.get(index).vertex(), steps.get(index).from());
    }
    return best > 0;
  }

  private boolean isAtBorder(int vertex) {
    for (int index = 0; index < graph.degree(vertex); index++) {
      if (partition.partOf(graph.neighbour(vertex, index)) != partition.partOf(vertex)) {
        return true;
      }
    }
    return graph.degree(vertex) == 0;
  }

  private void offer(int vertex) {
    Move move = bestMove(vertex, /* mayFill= */ true);
    if (move != null) {
      queue.add(move);
    }
  }

  private void offerNeighbours(int vertex) {
    for (int index = 0; index < graph.degree(vertex); index++) {
      int other = graph.neighbour(vertex, index);
      versions[other]++;
      if (!moved[other]) {
        offer(other);
      }
    }
  }

  /** The move that gains most, as things are now; null if there is none. */
  private @Nullable Move next() {
    while (!queue.isEmpty()) {
      Move move = queue.remove();
      if (moved[move.vertex()] || move.version() != versions[move.vertex()]) {
        continue;
      }
      Move now = bestMove(move.vertex(), /* mayFill= */ true);
      if (now == null) {
        continue;
      }
      if (now.gain() >= move.gain()) {
        return now;
      }
      queue.add(now);
    }
    return null;
  }

  /** The best move out of a part that is too full; null if there is none. */
  private @Nullable Move relief() {
    Move best = null;
    for (int vertex = 0; vertex < graph.size(); vertex++) {
      if (!moved[vertex] && partition.fullness(partition.partOf(vertex)) > 1 + NOTHING) {
        Move move = bestMove(vertex, /* mayFill= */ false);
        if (move != null && (best == null || move.gain() > best.gain())) {
          best = move;
        }
      }
    }
    return best;
  }

  /**
   * Where a vertex would best move.
   *
   * @param mayFill whether the part may be too full afterwards, by less than that vertex: another
   *     then moves out of it
   */
  private @Nullable Move bestMove(int vertex, boolean mayFill) {
    int own = partition.partOf(vertex);
    int count = partition.ties(vertex, connection, touched);
    int target = Partition.NONE;
    double room = 0;
    // A vertex has no reason to go where none of its neighbours is, but to make space.
    boolean anywhere = !mayFill || graph.degree(vertex) == 0;
    int candidates = anywhere ? partition.parts() : count;
    for (int index = 0; index < candidates; index++) {
      int part = anywhere ? index : touched[index];
      if (part == own || !partition.allows(vertex, part)) {
        continue;
      }
      double fullness = partition.fullnessWith(vertex, part);
      boolean fits = fullness <= 1 + NOTHING || (mayFill && partition.fullness(part) <= 1);
      boolean isBetter =
          target == Partition.NONE
              || connection[part] > connection[target]
              || (connection[part] == connection[target] && fullness < room - NOTHING);
      if (fits && isBetter) {
        target = part;
        room = fullness;
      }
    }
    long gain = target == Partition.NONE ? 0 : connection[target] - connection[own];
    for (int index = 0; index < count; index++) {
      connection[touched[index]] = 0;
    }
    return target == Partition.NONE ? null : new Move(vertex, target, gain, versions[vertex]);
  }
}
