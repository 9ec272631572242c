package dev.topology.bench;

import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.language.load.LoadResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What 500 mistakes add to the time of loading a file of 1,000 nodes, in a warm JVM. */
final class Mistakes {

  private static final int NODES = 1_000;
  private static final int MISTAKES = 500;
  private static final int REPETITIONS = 21;

  private Mistakes() {}

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    Path good = GeneratedTopology.row(directory, NODES);
    Path bad =
        Files.writeString(
            directory.resolve("mistakes.yaml"), withMistakes(Files.readString(good)));
    Launcher launcher = new Launcher(UserDirectories.ofProcess());
    Samples without = new Samples();
    Samples with = new Samples();
    for (int repetition = -10; repetition < REPETITIONS; repetition++) {
      long start = System.nanoTime();
      expect(launcher.load(good), 0);
      if (repetition >= 0) {
        without.addSince(start);
      }
      start = System.nanoTime();
      expect(launcher.load(bad), MISTAKES);
      if (repetition >= 0) {
        with.addSince(start);
      }
    }
    return List.of(
        new Row("load %,d nodes, warm JVM".formatted(NODES), "", without.toString()),
        new Row("the same with %d mistakes".formatted(MISTAKES), "3 times that", with.toString()));
  }

  /** Five kinds in turn, at every other node or cable: a key, a type, a size, a port, a name. */
  private static String withMistakes(String text) {
    StringBuilder broken = new StringBuilder();
    int line = 0;
    int made = 0;
    for (String each : text.split("\n")) {
      String wrong = each;
      if (made < MISTAKES && ++line % 7 < 3) {
        wrong =
            switch (made % 5) {
              case 0 -> each.replace("memory:", "memroy:");
              case 1 -> each.replace("memory: 128MiB", "memory: [128MiB]");
              case 2 -> each.replace("128MiB", "128M");
              case 3 -> each.replace("22: auto", "22: atuo");
              default -> each.replace("depends_on: [n", "depends_on: [m");
            };
      }
      made += wrong.equals(each) ? 0 : 1;
      broken.append(wrong).append('\n');
    }
    return broken.toString();
  }

  private static void expect(LoadResult result, int mistakes) {
    long errors = result.diagnostics().stream().filter(it -> it.isError()).count();
    if (errors != mistakes) {
      throw new IllegalStateException("found " + errors + " mistakes, not " + mistakes);
    }
  }
}
