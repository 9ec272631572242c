package dev.topology.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Wall time of whole commands, next to that of a JVM that does nothing. */
final class CommandStart {

  private static final int WARM_UP = 3;
  private static final int REPETITIONS = 15;

  private CommandStart() {}

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    String file = GeneratedTopology.row(directory, 10).toString();
    List<String> plan = List.of("target/topology", "plan", file);
    List<String> validate = List.of("target/topology", "validate", file);
    List<String> java = List.of("java", "-version");
    run(plan);
    // The class-data archive is made in the background by the first command.
    Thread.sleep(15_000);
    Samples planning = new Samples();
    Samples validating = new Samples();
    Samples nothing = new Samples();
    for (int i = -WARM_UP; i < REPETITIONS; i++) {
      time(plan, i < 0 ? new Samples() : planning);
      time(validate, i < 0 ? new Samples() : validating);
      time(java, i < 0 ? new Samples() : nothing);
    }
    return List.of(
        new Row("`topology plan`, 10 nodes, wall time", "350 ms", planning.toString()),
        new Row("`topology validate`, 10 nodes, wall time", "300 ms", validating.toString()),
        new Row("`java -version`, for comparison", "", nothing.toString()));
  }

  private static void time(List<String> command, Samples samples)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    run(command);
    samples.addSince(start);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException(command + " ended with " + status);
    }
  }
}
