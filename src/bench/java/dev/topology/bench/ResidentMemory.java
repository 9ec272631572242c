package dev.topology.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Resident memory of the JVM while eight nodes run. */
final class ResidentMemory {

  private static final int NODES = 8;

  private ResidentMemory() {}

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    String file = GeneratedTopology.idle(directory, "bench-memory", NODES).toString();
    try (Spoken up = Spoken.start(List.of("target/topology", "up", file), GeneratedTopology.SET_UP, NODES)) {
      if (!up.saysAllWithin(180)) {
        throw new IllegalStateException("the nodes were not ready in three minutes");
      }
      String resident =
          Files.readAllLines(Path.of("/proc", String.valueOf(up.pid()), "status")).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .map(line -> line.replaceAll("\\D", ""))
              .findFirst()
              .orElseThrow();
      return List.of(
          new Row(
              "resident memory of the JVM while " + NODES + " nodes run",
              "120 MiB",
              Long.parseLong(resident) / 1024 + " MiB"));
    }
  }
}
