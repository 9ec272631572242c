package dev.topology.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be divided, in numbers: vertices from 0 on, each with a load of several kinds, edges
 * with a weight, and lists of vertices of which no two go in one part. Immutable.
 */
final class WeightedGraph {

  private final long[][] loads;
  private final int[][] apart;
  private final int apartLists;
  private final int[] first;
  private final int[] neighbours;
  private final int[] weights;

  /**
   * @param loads of each vertex, of each kind; 0 or more
   * @param edges weights of 1 or more; edges of a vertex with itself are left out, those between
   *     the same two vertices are added up
   * @param apart the lists that each vertex is in, by their numbers
   * @param apartLists how many lists there are
   */
  WeightedGraph(long[][] loads, List<Edge> edges, int[][] apart, int apartLists) {
    this.loads = loads;
    this.apart = apart;
    this.apartLists = apartLists;
    int[] degrees = new int[loads.length + 1];
    edges.stream().filter(it -> !it.isLoop()).forEach(it -> countEnds(it, degrees));
    int[] starts = new int[loads.length + 1];
    for (int vertex = 0; vertex < loads.length; vertex++) {
      starts[vertex + 1] = starts[vertex] + degrees[vertex];
    }
    int[] ends = starts.clone();
    int[] others = new int[starts[loads.length]];
    int[] costs = new int[others.length];
    for (Edge edge : edges) {
      if (!edge.isLoop()) {
        put(edge.left(), edge.right(), edge.weight(), ends, others, costs);
        put(edge.right(), edge.left(), edge.weight(), ends, others, costs);
      }
    }
    this.first = new int[loads.length + 1];
    int kept = 0;
    int[] seenAt = new int[loads.length];
    Arrays.fill(seenAt, -1);
    for (int vertex = 0; vertex < loads.length; vertex++) {
      first[vertex] = kept;
      for (int at = starts[vertex]; at < starts[vertex + 1]; at++) {
        int other = others[at];
        if (seenAt[other] >= first[vertex]) {
          costs[seenAt[other]] += costs[at];
        } else {
          seenAt[other] = kept;
          others[kept] = other;
          costs[kept++] = costs[at];
        }
      }
    }
    first[loads.length] = kept;
    this.neighbours = Arrays.copyOf(others, kept);
    this.weights = Arrays.copyOf(costs, kept);
  }

  private static void countEnds(Edge edge, int[] degrees) {
    degrees[edge.left()]++;
    degrees[edge.right()]++;
  }

  private static void put(int from, int to, int weight, int[] ends, int[] others, int[] costs) {
    others[ends[from]] = to;
    costs[ends[from]++] = weight;
  }

  /** An edge between two vertices. */
  record Edge(int left, int right, int weight) {

    boolean isLoop() {
      return left == right;
    }
  }

  /** How many vertices there are. */
  int size() {
    return loads.length;
  }

  /** How many kinds of load there are. */
  int kinds() {
    return loads.length == 0 ? 0 : loads[0].length;
  }

  /** The load of a vertex, of each kind. The caller does not change it. */
  long[] load(int vertex) {
    return loads[vertex];
  }

  /** The load of all vertices, of each kind. */
  long[] total() {
    long[] total = new long[kinds()];
    for (long[] load : loads) {
      for (int kind = 0; kind < total.length; kind++) {
        total[kind] += load[kind];
      }
    }
    return total;
  }

  /** The lists that a vertex is in, by their numbers. The caller does not change it. */
  int[] apart(int vertex) {
    return apart[vertex];
  }

  int apartLists() {
    return apartLists;
  }

  /** How many neighbours a vertex has. */
  int degree(int vertex) {
    return first[vertex + 1] - first[vertex];
  }

  /** One of a vertex's neighbours, from 0 to its degree. */
  int neighbour(int vertex, int index) {
    return neighbours[first[vertex] + index];
  }

  /** The weight of the edge to that neighbour. */
  int weight(int vertex, int index) {
    return weights[first[vertex] + index];
  }

  /**
   * The graph in which vertices are merged.
   *
   * @param clusterOf the vertex of the new graph that each vertex becomes a part of
   * @param clusters how many vertices that has
   */
  WeightedGraph merged(int[] clusterOf, int clusters) {
    long[][] sums = new long[clusters][kinds()];
    int[][] lists = new int[clusters][0];
    List<Edge> edges = new ArrayList<>();
    for (int vertex = 0; vertex < size(); vertex++) {
      int cluster = clusterOf[vertex];
      for (int kind = 0; kind < kinds(); kind++) {
        sums[cluster][kind] += loads[vertex][kind];
      }
      lists[cluster] = union(lists[cluster], apart[vertex]);
      for (int index = 0; index < degree(vertex); index++) {
        int other = neighbour(vertex, index);
        if (vertex < other) {
          edges.add(new Edge(cluster, clusterOf[other], weight(vertex, index)));
        }
      }
    }
    return new WeightedGraph(sums, edges, lists, apartLists);
  }

  private static int[] union(int[] some, int[] more) {
    if (some.length == 0 || more.length == 0) {
      return some.length == 0 ? more : some;
    }
    int[] both = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, both, some.length, more.length);
    return both;
  }
}
