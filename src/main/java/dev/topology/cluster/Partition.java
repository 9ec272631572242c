package dev.topology.cluster;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A division of a graph into parts, which changes vertex by vertex. A vertex may be in no part yet.
 * Used by one thread.
 */
final class Partition {

  /** The part of a vertex that is in none. */
  static final int NONE = -1;

  private final WeightedGraph graph;
  private final long[] most;
  private final int[] partOf;
  private final long[][] loads;
  private final int[][] listed;
  private final int[] sizes;

  /**
   * Of vertices with more neighbours than there are parts: what {@link #ties} counts for others.
   */
  private final int[] @Nullable [] ties;

  /**
   * All vertices are in no part.
   *
   * @param parts how many parts there are
   * @param most the load that a part should not exceed, of each kind
   */
  Partition(WeightedGraph graph, int parts, long[] most) {
    this.graph = graph;
    this.most = most;
    this.partOf = new int[graph.size()];
    Arrays.fill(partOf, NONE);
    this.loads = new long[parts][graph.kinds()];
    this.listed = new int[parts][graph.apartLists()];
    this.sizes = new int[parts];
    this.ties = new int[graph.size()][];
    for (int vertex = 0; vertex < graph.size(); vertex++) {
      ties[vertex] = graph.degree(vertex) > parts ? new int[parts] : null;
    }
  }

  WeightedGraph graph() {
    return graph;
  }

  int parts() {
    return loads.length;
  }

  /** The load that a part should not exceed, of each kind. */
  long[] most() {
    return most;
  }

  /** Where a vertex is. */
  int partOf(int vertex) {
    return partOf[vertex];
  }

  /** Where each vertex is. */
  int[] assignment() {
    return partOf.clone();
  }

  /** How many vertices a part has. */
  int sizeOf(int part) {
    return sizes[part];
  }

  /** Takes a vertex out of its part, if it is in one, and puts it into another or none. */
  void move(int vertex, int part) {
    int from = partOf[vertex];
    if (from != NONE) {
      add(vertex, from, -1);
    }
    partOf[vertex] = part;
    if (part != NONE) {
      add(vertex, part, 1);
    }
    for (int index = 0; index < graph.degree(vertex); index++) {
      int[] known = ties[graph.neighbour(vertex, index)];
      if (known != null && from != NONE) {
        known[from] -= graph.weight(vertex, index);
      }
      if (known != null && part != NONE) {
        known[part] += graph.weight(vertex, index);
      }
    }
  }

  /**
   * Adds up, for each part, the weight of the edges that lead there from a vertex.
   *
   * @param sums all 0, one for each part
   * @param touched takes those parts whose sum is not 0
   * @return how many these are
   */
  int ties(int vertex, int[] sums, int[] touched) {
    int count = 0;
    int[] known = ties[vertex];
    if (known != null) {
      for (int part = 0; part < known.length; part++) {
        if (known[part] > 0) {
          touched[count++] = part;
          sums[part] = known[part];
        }
      }
      return count;
    }
    for (int index = 0; index < graph.degree(vertex); index++) {
      int part = partOf[graph.neighbour(vertex, index)];
      if (part != NONE) {
        if (sums[part] == 0) {
          touched[count++] = part;
        }
        sums[part] += graph.weight(vertex, index);
      }
    }
    return count;
  }

  private void add(int vertex, int part, int sign) {
    long[] load = graph.load(vertex);
    for (int kind = 0; kind < load.length; kind++) {
      loads[part][kind] += sign * load[kind];
    }
    for (int list : graph.apart(vertex)) {
      listed[part][list] += sign;
    }
    sizes[part] += sign;
  }

  /** Puts every vertex where its cluster is in a division of the merged graph. */
  void follow(Partition merged, int[] clusterOf) {
    for (int vertex = 0; vertex < clusterOf.length; vertex++) {
      move(vertex, merged.partOf(clusterOf[vertex]));
    }
  }

  /** Whether no vertex of a part, other than itself, has to be apart from a vertex. */
  boolean allows(int vertex, int part) {
    for (int list : graph.apart(vertex)) {
      if (listed[part][list] > (partOf[vertex] == part ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }

  /** How full a part is: the load of that kind of which there is most, 1 for as much as it may. */
  double fullness(int part) {
    double fullness = 0;
    for (int kind = 0; kind < most.length; kind++) {
      fullness = Math.max(fullness, share(loads[part][kind], kind));
    }
    return fullness;
  }

  /** How full a part would be with one more vertex. */
  double fullnessWith(int vertex, int part) {
    double fullness = 0;
    for (int kind = 0; kind < most.length; kind++) {
      fullness = Math.max(fullness, share(loads[part][kind] + graph.load(vertex)[kind], kind));
    }
    return fullness;
  }

  /** The most load of a kind that a part has. */
  long largest(int kind) {
    return Arrays.stream(loads).mapToLong(it -> it[kind]).max().orElse(0);
  }

  /** How much of a part's measure a vertex is. */
  double share(int vertex) {
    double share = 0;
    for (int kind = 0; kind < most.length; kind++) {
      share = Math.max(share, share(graph.load(vertex)[kind], kind));
    }
    return share;
  }

  private double share(long load, int kind) {
    return load == 0 ? 0 : (double) load / Math.max(1, most[kind]);
  }

  /** By how much parts are fuller than they may be, all together; 0 if none is. */
  double excess() {
    double excess = 0;
    for (int part = 0; part < parts(); part++) {
      excess += Math.max(0, fullness(part) - 1);
    }
    return excess;
  }

  /** How full the fullest part is. */
  double fullest() {
    double fullest = 0;
    for (int part = 0; part < parts(); part++) {
      fullest = Math.max(fullest, fullness(part));
    }
    return fullest;
  }

  /** The weight of all edges between different parts. */
  long cut() {
    long twice = 0;
    for (int vertex = 0; vertex < partOf.length; vertex++) {
      for (int index = 0; index < graph.degree(vertex); index++) {
        boolean crosses = partOf[graph.neighbour(vertex, index)] != partOf[vertex];
        twice += crosses ? graph.weight(vertex, index) : 0;
      }
    }
    return twice / 2;
  }
}
