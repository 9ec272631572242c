package dev.topology.bench;

import dev.topology.control.ControlClient;
import dev.topology.control.Request;
import dev.topology.launch.UserDirectories;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands for a topology that runs: how long each takes, and how much of that the supervisor. */
final class RemoteCommands {

  private static final int WARM_UP = 3;
  private static final int REPETITIONS = 15;

  private static final String PAIR =
      """
      nodes: {left: {}, right: {}}
      cables: [{name: uplink, ends: [{node: left}, {node: right}]}]
      """;

  private RemoteCommands() {}

  static List<Row> measure() throws Exception {
    Path file = Files.writeString(Files.createTempDirectory("bench").resolve("remote.yaml"), PAIR);
    run("up", "-d", file.toString());
    Path directory = UserDirectories.ofProcess().runtime().resolve("remote");
    try (ControlClient client = ControlClient.connect(directory).orElseThrow()) {
      return measure(client);
    } finally {
      run("down", "remote");
    }
  }

  private static List<Row> measure(ControlClient client) throws Exception {
    Samples ps = new Samples();
    Samples cut = new Samples();
    Samples status = new Samples();
    Samples cutting = new Samples();
    for (int i = -WARM_UP; i < REPETITIONS; i++) {
      boolean counts = i >= 0;
      time(() -> run("ps", "remote"), counts ? ps : new Samples());
      time(() -> run("cable", "cut", "-i", "remote", "uplink"), counts ? cut : new Samples());
      client.call(new Request.JoinCable("uplink"));
      time(() -> client.call(new Request.Status()), counts ? status : new Samples());
      Request<?> request = new Request.CutCable("uplink");
      time(() -> client.call(request), counts ? cutting : new Samples());
      client.call(new Request.JoinCable("uplink"));
    }
    return List.of(
        new Row("`topology ps`, 2 nodes, wall time", "", ps.toString()),
        new Row("of that, the round trip to the supervisor", "", status.toString()),
        new Row("`topology cable cut`, wall time", "", cut.toString()),
        new Row("of that, the round trip to the supervisor", "", cutting.toString()));
  }

  private interface Step {
    void take() throws Exception;
  }

  private static void time(Step step, Samples samples) throws Exception {
    long start = System.nanoTime();
    step.take();
    samples.addSince(start);
  }

  private static void run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("target/topology"));
    command.addAll(List.of(arguments));
    int status =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException(command + " ended with " + status);
    }
  }
}
