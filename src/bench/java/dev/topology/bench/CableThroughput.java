package dev.topology.bench;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageRecipe;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.language.load.LoadResult;
import dev.topology.model.BitRate;
import dev.topology.model.Shaping;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two guests with two cables between them, a plain one and one with a shaper that is told nothing,
 * and switches of 2 and 8 ends: what iperf3 and ping say of each, in turns.
 */
final class CableThroughput {

  private static final int ROUNDS = 5;
  private static final int SECONDS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PLAIN = "10.0.1.2";
  private static final String SHAPED = "10.0.2.2";
  private static final String TWO_ENDS = "10.0.3.2";
  private static final String EIGHT_ENDS = "10.0.4.2";
  private static final Pattern PING = Pattern.compile("time=([0-9.]+) ms");
  private static final Pattern RECEIVED =
      Pattern.compile("([0-9.]+) Mbits/sec\\s+(?:[0-9]+\\s+)?receiver");
  private static final double FRAME_PER_PAYLOAD = 1514.0 / 1448.0;

  private CableThroughput() {}

  static List<Row> measure() throws Exception {
    UserDirectories user = UserDirectories.ofProcess();
    Launcher launcher = new Launcher(user);
    launcher
        .imageBuilder()
        .ensure(new ImageRecipe("iperf", List.of("iperf3")), new BuildListener() {});
    LoadResult.Loaded loaded = (LoadResult.Loaded) launcher.load(file());
    var plan = launcher.prepare(loaded.topology(), new BuildListener() {}).plan();
    try (Launch launch = Launch.start(plan, RunListener.SILENT)) {
      launch.topology().awaitReady();
      RunningNode left = launch.topology().node("left");
      launch.topology().node("right").shell().run("iperf3 --server --daemon").expectSuccess();
      return rows(left, launch.topology().cable("shaped"));
    }
  }

  private static Path file() throws Exception {
    return Files.writeString(
        Files.createTempDirectory("bench").resolve("cables.yaml"),
        """
        name: bench-cables
        defaults: {memory: 256MiB, image: iperf, host_network: false}
        nodes: {left: {}, right: {}}
        cables:
          - name: plain
            ends: [{node: left, address: 10.0.1.1/24}, {node: right, address: 10.0.1.2/24}]
          - name: shaped
            ends: [{node: left, address: 10.0.2.1/24}, {node: right, address: 10.0.2.2/24}]
            shaped: true
        switches:
          two: {subnet: 10.0.3.0/24, ends: [left, right]}
          eight:
            subnet: 10.0.4.0/24
            ends:
              - left
              - right
              - {node: left, interface: idle1, address: none}
              - {node: left, interface: idle2, address: none}
              - {node: left, interface: idle3, address: none}
              - {node: right, interface: idle1, address: none}
              - {node: right, interface: idle2, address: none}
              - {node: right, interface: idle3, address: none}
        """);
  }

  private static List<Row> rows(RunningNode left, RunningCable cable) throws Exception {
    Samples plain = new Samples();
    Samples shaped = new Samples();
    Samples twoEnds = new Samples();
    Samples eightEnds = new Samples();
    Samples plainTrip = new Samples();
    Samples shapedTrip = new Samples();
    for (int round = 0; round < ROUNDS; round++) {
      plain.add(megabits(left, PLAIN));
      shaped.add(megabits(left, SHAPED));
      twoEnds.add(megabits(left, TWO_ENDS));
      eightEnds.add(megabits(left, EIGHT_ENDS));
      ping(left, PLAIN, plainTrip);
      ping(left, SHAPED, shapedTrip);
    }
    return List.of(
        new Row(
            "iperf3 between two guests, a shaped cable against a plain one",
            "0.9",
            "%.2f (%.0f against %.0f Mbit/s; %d frames dropped)"
                .formatted(
                    shaped.median() / plain.median(),
                    shaped.median(),
                    plain.median(),
                    cable.counters().orElseThrow().leftToRight().dropped())),
        againstPlain("a switch of 2 ends", twoEnds, plain),
        againstPlain("a switch of 8 ends", eightEnds, plain),
        new Row(
            "round trip that the shaper adds between two guests, median",
            "0.1 ms",
            "%.3f ms (%.3f against %.3f)"
                .formatted(
                    shapedTrip.median() - plainTrip.median(),
                    shapedTrip.median(),
                    plainTrip.median())),
        rate(left, cable, 10),
        rate(left, cable, 100));
  }

  private static Row againstPlain(String what, Samples samples, Samples plain) {
    return new Row(
        "iperf3 between two guests, " + what + " against a plain cable",
        "0.8",
        "%.2f (%.0f against %.0f Mbit/s)"
            .formatted(samples.median() / plain.median(), samples.median(), plain.median()));
  }

  /** In units that {@link Samples} gives back as they were. */
  private static long megabits(RunningNode left, String to) throws Exception {
    String output =
        left.shell()
            .run("iperf3 --client " + to + " --time " + SECONDS + " --format m", PATIENCE)
            .expectSuccess()
            .output();
    Matcher matcher = RECEIVED.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(output);
    }
    return Math.round(Double.parseDouble(matcher.group(1)) * 1e6);
  }

  private static void ping(RunningNode left, String to, Samples samples) throws Exception {
    String output =
        left.shell().run("ping -c 100 -i 0.02 " + to, PATIENCE).expectSuccess().output();
    PING.matcher(output)
        .results()
        .forEach(it -> samples.add(Math.round(Double.parseDouble(it.group(1)) * 1e6)));
  }

  /** What TCP gets through, as frames. */
  private static Row rate(RunningNode left, RunningCable cable, int megabits) throws Exception {
    cable.shape(Shaping.NONE.withRate(BitRate.ofMegabits(megabits)));
    double measured = megabits(left, SHAPED) / 1e6 * FRAME_PER_PAYLOAD;
    cable.shape(Shaping.NONE);
    return new Row(
        "`rate: " + megabits + "Mbit`, what iperf3 gets through, with its headers",
        megabits + " Mbit/s ± 3 %",
        "%.2f Mbit/s".formatted(measured));
  }
}
