package dev.topology.bench;

import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.launch.UserDirectories;
import dev.topology.language.load.LoadResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loading and planning large files in a warm JVM. */
final class WarmLoading {

  private static final int REPETITIONS = 11;

  private WarmLoading() {}

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    Launcher launcher = new Launcher(UserDirectories.ofProcess());
    List<Row> rows = new ArrayList<>();
    String[] aims = {"300 ms", "2000 ms"};
    int[] sizes = {1_000, 10_000};
    for (int i = 0; i < sizes.length; i++) {
      Path file = GeneratedTopology.row(directory, sizes[i]);
      Samples samples = new Samples();
      for (int repetition = -5; repetition < REPETITIONS; repetition++) {
        long start = System.nanoTime();
        LoadResult.Loaded loaded = (LoadResult.Loaded) launcher.load(file);
        Preparation preparation = launcher.preview(loaded.topology());
        if (preparation.plan().nodes().size() != sizes[i]) {
          throw new IllegalStateException("lost nodes");
        }
        if (repetition >= 0) {
          samples.addSince(start);
        }
      }
      rows.add(
          new Row(
              "load and plan %,d nodes, warm JVM".formatted(sizes[i]),
              aims[i],
              samples.toString()));
    }
    return rows;
  }
}
