package dev.topology.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much later two guests are ready under {@code topology up} than when a shell starts the same
 * two QEMU command lines.
 */
final class PairReady {

  private static final int REPETITIONS = 12;
  private static final int PATIENCE_SECONDS = 40;

  private PairReady() {}

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    String file = GeneratedTopology.idle(directory, "bench-pair", 2).toString();
    List<String> up = List.of("target/topology", "up", "--boot", file);
    List<String> script = List.of("sh", script(directory, file).toString());
    Samples upReady = new Samples();
    Samples scriptReady = new Samples();
    int stalls = 0;
    for (int i = -1; i < REPETITIONS; i++) {
      time(up, i < 0 ? new Samples() : upReady);
      stalls += time(script, i < 0 ? new Samples() : scriptReady) ? 0 : 1;
    }
    double ratio = upReady.median() / scriptReady.median();
    return List.of(
        new Row(
            "both guests of a pair ready, against a script that starts the same QEMUs",
            "1.10",
            "%.2f (%s against %s; the script stalled %d times)"
                .formatted(ratio, upReady, scriptReady, stalls)));
  }

  private static Path script(Path directory, String file) throws Exception {
    StringBuilder script = new StringBuilder();
    for (String node : List.of("n1", "n2")) {
      Process plan =
          new ProcessBuilder("target/topology", "plan", file, "--node", node, "--format", "shell")
              .start();
      // In the background, a shell gives its children no input; the guest's console needs one.
      script.append("{ sleep 300 | ").append(new String(plan.getInputStream().readAllBytes()));
      script.append("} &\n");
      plan.waitFor();
    }
    script.append("wait\n");
    return Files.writeString(directory.resolve("pair.sh"), comments(script.toString()));
  }

  /** A comment may not stand between a pipe and its command. */
  private static String comments(String script) {
    return script.replaceAll("sleep 300 \\| (#[^\\n]*\\n)+", "sleep 300 | ");
  }

  /** Returns whether both guests came up: one in fifty finds no timer, see BootTimer. */
  private static boolean time(List<String> command, Samples samples) throws Exception {
    long start = System.nanoTime();
    try (Spoken run = Spoken.start(command, GeneratedTopology.SET_UP, 2)) {
      if (!run.saysAllWithin(PATIENCE_SECONDS)) {
        return false;
      }
      samples.addSince(start);
      return true;
    }
  }
}
