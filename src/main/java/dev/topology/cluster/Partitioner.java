package dev.topology.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Divides a graph into parts of about the same load, so that little is cut.
 *
 * <p>Several attempts, each with its own seed: vertices are merged with the neighbours they are
 * tied to most, until few are left; those are divided; then the merged ones are taken apart again
 * step by step, and the division is improved at each. The best attempt counts. The seeds are fixed,
 * so that the same graph is divided in the same way. Some milliseconds for a hundred vertices, a
 * second for ten thousand.
 */
final class Partitioner {

  /** How much more than the mean a part may have. */
  private static final double TOLERANCE = 0.1;

  /** Merging ends when there are as few vertices for each part. */
  private static final int COARSEST = 8;

  /** A vertex made by merging has at most this share of what a part may have. */
  private static final double HEAVIEST = 0.25;

  private static final int DIVISIONS = 8;

  private final WeightedGraph graph;
  private final int parts;
  private final long[] most;

  private Partitioner(WeightedGraph graph, int parts, long[] most) {
    this.graph = graph;
    this.parts = parts;
    this.most = most;
  }

  /**
   * The part of each vertex.
   *
   * @param parts how many there are; some may stay empty
   * @param limit the load that no part may exceed, of each kind
   * @return empty if no division was found that keeps apart what is to be apart, and the limit
   */
  static Optional<int[]> divide(WeightedGraph graph, int parts, long[] limit) {
    return evenly(graph, parts)
        .filter(it -> keeps(it, limit))
        .map(it -> new Partitioner(graph, parts, enough(it, limit)).best(it));
  }

  private static boolean keeps(Partition partition, long[] limit) {
    return IntStream.range(0, limit.length).allMatch(it -> partition.largest(it) <= limit[it]);
  }

  /**
   * What a part may have: a tenth more than the mean, or what the fullest part has when the
   * vertices are dealt out without a look at the edges, if that is more.
   */
  private static long[] enough(Partition even, long[] limit) {
    long[] most = even.graph().total();
    for (int kind = 0; kind < most.length; kind++) {
      long mean = (long) Math.ceil(most[kind] * (1 + TOLERANCE) / even.parts());
      most[kind] = Math.min(limit[kind], Math.max(mean, even.largest(kind)));
    }
    return most;
  }

  /**
   * Deals out the vertices, those first that are apart from most others, then the largest, each to
   * the part with most room. Empty if one has to be apart from something in every part.
   */
  private static Optional<Partition> evenly(WeightedGraph graph, int parts) {
    Partition partition = new Partition(graph, parts, graph.total());
    List<Integer> order =
        IntStream.range(0, graph.size())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(it -> -graph.apart(it).length)
                    .thenComparingDouble(it -> -partition.share(it)))
            .toList();
    for (int vertex : order) {
      int target = Partition.NONE;
      for (int part = 0; part < parts; part++) {
        boolean isBetter =
            target == Partition.NONE
                || partition.fullnessWith(vertex, part) < partition.fullnessWith(vertex, target);
        if (partition.allows(vertex, part) && isBetter) {
          target = part;
        }
      }
      if (target == Partition.NONE) {
        return Optional.empty();
      }
      partition.move(vertex, target);
    }
    return Optional.of(partition);
  }

  private int[] best(Partition even) {
    Partition best = new Partition(graph, parts, most);
    best.follow(even, IntStream.range(0, graph.size()).toArray());
    Refinement.improve(best);
    int attempts = Math.max(2, Math.min(12, 6_000 / Math.max(1, graph.size())));
    for (int seed = 1; seed <= attempts; seed++) {
      Optional<Partition> other = attempt(graph, new SplittableRandom(seed));
      best = other.isPresent() ? better(best, other.get()) : best;
    }
    return best.assignment();
  }

  /** Of two divisions of one graph the better one; the first if they are alike. */
  private static Partition better(Partition one, Partition other) {
    int excess = Double.compare(one.excess(), other.excess());
    int cut = Long.compare(one.cut(), other.cut());
    int order =
        excess != 0 ? excess : cut != 0 ? cut : Double.compare(one.fullest(), other.fullest());
    return order <= 0 ? one : other;
  }

  /** A division, unless one vertex finds no part without something that it has to be apart from. */
  private Optional<Partition> attempt(WeightedGraph level, SplittableRandom random) {
    int[] clusterOf = clusters(level, random);
    int clusters = Arrays.stream(clusterOf).max().orElse(0) + 1;
    if (level.size() <= COARSEST * parts || clusters > level.size() * 0.95) {
      return divided(level, random);
    }
    return attempt(level.merged(clusterOf, clusters), random)
        .map(
            merged -> {
              Partition partition = new Partition(level, parts, most);
              partition.follow(merged, clusterOf);
              Refinement.improve(partition);
              return partition;
            });
  }

  /** Merges each vertex with the neighbour, or the cluster of one, that it is tied to most. */
  private int[] clusters(WeightedGraph level, SplittableRandom random) {
    Partition clusters = new Partition(level, level.size(), most);
    double mean = 0;
    for (int vertex = 0; vertex < level.size(); vertex++) {
      clusters.move(vertex, vertex);
      mean += clusters.share(vertex) / level.size();
    }
    int[] ties = new int[level.size()];
    int[] waiting = new int[level.size()];
    Arrays.fill(waiting, Partition.NONE);
    for (int vertex : shuffled(level.size(), random)) {
      if (clusters.sizeOf(clusters.partOf(vertex)) > 1) {
        continue;
      }
      for (int index = 0; index < level.degree(vertex); index++) {
        ties[clusters.partOf(level.neighbour(vertex, index))] += level.weight(vertex, index);
      }
      int target = Partition.NONE;
      int full = Partition.NONE;
      double best = 0;
      for (int index = 0; index < level.degree(vertex); index++) {
        int cluster = clusters.partOf(level.neighbour(vertex, index));
        // Light clusters first, or a few would take up everything.
        double rating = ties[cluster] / (mean + clusters.fullness(cluster));
        ties[cluster] = 0;
        if (rating > best && mayJoin(vertex, cluster, clusters)) {
          best = rating;
          target = cluster;
        } else if (rating > 0) {
          full = cluster;
        }
      }
      if (target == Partition.NONE && full != Partition.NONE) {
        // Around a vertex with many neighbours, those merge that are tied to it alike.
        target = waiting[full] == Partition.NONE ? target : clusters.partOf(waiting[full]);
        waiting[full] = vertex;
      }
      if (target != Partition.NONE && mayJoin(vertex, target, clusters)) {
        clusters.move(vertex, target);
      }
    }
    return renumbered(clusters.assignment());
  }

  private static boolean mayJoin(int vertex, int cluster, Partition clusters) {
    return clusters.allows(vertex, cluster) && clusters.fullnessWith(vertex, cluster) <= HEAVIEST;
  }

  private static int[] renumbered(int[] clusterOf) {
    int[] numbers = new int[clusterOf.length];
    Arrays.fill(numbers, -1);
    int count = 0;
    int[] result = new int[clusterOf.length];
    for (int vertex = 0; vertex < clusterOf.length; vertex++) {
      if (numbers[clusterOf[vertex]] < 0) {
        numbers[clusterOf[vertex]] = count++;
      }
      result[vertex] = numbers[clusterOf[vertex]];
    }
    return result;
  }

  private Optional<Partition> divided(WeightedGraph level, SplittableRandom random) {
    return IntStream.range(0, DIVISIONS)
        .mapToObj(it -> grown(level, random))
        .flatMap(Optional::stream)
        .reduce(Partitioner::better);
  }

  /** A division in which each part grew from one vertex by those that are tied to it most. */
  private Optional<Partition> grown(WeightedGraph level, SplittableRandom random) {
    Partition partition = new Partition(level, parts, most);
    int[] order = shuffled(level.size(), random);
    double left = Arrays.stream(order).mapToDouble(partition::share).sum();
    for (int part = 0; part < parts - 1; part++) {
      double share = left / (parts - part);
      int vertex = nextFor(part, partition, order, share);
      while (vertex != Partition.NONE) {
        partition.move(vertex, part);
        left -= partition.share(vertex);
        vertex = nextFor(part, partition, order, share);
      }
    }
    for (int vertex : order) {
      if (partition.partOf(vertex) == Partition.NONE) {
        int part = roomiest(vertex, partition);
        if (part == Partition.NONE) {
          return Optional.empty();
        }
        partition.move(vertex, part);
      }
    }
    Refinement.improve(partition);
    return Optional.of(partition);
  }

  /** The free vertex to add to a part, the first in the order if it is empty. */
  private static int nextFor(int part, Partition partition, int[] order, double share) {
    WeightedGraph level = partition.graph();
    int best = Partition.NONE;
    double highest = 0;
    for (int vertex : order) {
      boolean fits =
          partition.sizeOf(part) == 0
              || partition.fullnessWith(vertex, part)
                  <= Math.min(1, share + partition.share(vertex) / 2);
      if (partition.partOf(vertex) != Partition.NONE || !fits || !partition.allows(vertex, part)) {
        continue;
      }
      double inside = 0;
      double all = 0;
      for (int index = 0; index < level.degree(vertex); index++) {
        boolean isInside = partition.partOf(level.neighbour(vertex, index)) == part;
        inside += isInside ? level.weight(vertex, index) : 0;
        boolean isFree = partition.partOf(level.neighbour(vertex, index)) == Partition.NONE;
        all += isInside || isFree ? level.weight(vertex, index) : 0;
      }
      double rating = all == 0 ? 0 : inside / all;
      if (best == Partition.NONE || rating > highest) {
        best = vertex;
        highest = rating;
      }
    }
    return best;
  }

  /** The last part, or that with most room, among those that it may be in. */
  private static int roomiest(int vertex, Partition partition) {
    int target = Partition.NONE;
    for (int part = partition.parts() - 1; part >= 0; part--) {
      boolean isBetter =
          target == Partition.NONE
              || partition.fullnessWith(vertex, part) < partition.fullnessWith(vertex, target);
      if (partition.allows(vertex, part) && isBetter) {
        target = part;
      }
    }
    return target;
  }

  private static int[] shuffled(int size, SplittableRandom random) {
    int[] order = IntStream.range(0, size).toArray();
    for (int at = size - 1; at > 0; at--) {
      int other = random.nextInt(at + 1);
      int kept = order[at];
      order[at] = order[other];
      order[other] = kept;
    }
    return order;
  }
}
