package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.run.RunEvent;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningTopology;
import dev.topology.run.cable.Capture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests on two switches, which two cables join: a loop. */
class SwitchTest {

  private static final String YAML =
      """
      defaults: {memory: 128MiB, host_network: false}
      nodes: {a: {}, b: {}}
      switches:
        one: {subnet: 10.1.0.0/24, ends: [a]}
        two: [b]
      cables:
        - [one, two]
        - {ends: [two, one], name: spare, delay: 1ms}
      """;

  @TempDir private Path directory;

  @Test
  void carriesIsCutCapturedAndCounted() throws Exception {
    try (Launch launch = RealLaunch.of(YAML, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningCable ofA = topology.cable("one--a:eth1");

      assertThat(run(topology, "ping -c 3 b"))
          .contains("PING b (10.1.0.2)", " 0% packet loss")
          .doesNotContain("DUP");
      assertThat(ofA.counters().orElseThrow().rightToLeft().frames()).isGreaterThanOrEqualTo(3);

      ofA.cut();
      assertThat(run(topology, "cat /sys/class/net/eth1/carrier; ping -c 1 -W 1 b"))
          .contains("0", "100% packet loss");
      ofA.join();
      assertThat(run(topology, "ping -c 1 -W 20 b")).contains(" 0% packet loss");
      topology.cable("spare").cut();
      assertThat(run(topology, "ping -c 1 -W 20 b")).contains(" 0% packet loss");
      assertThat(topology.events())
          .contains(
              new RunEvent.CableCut("one--a:eth1"),
              new RunEvent.CableJoined("one--a:eth1"),
              new RunEvent.CableCut("spare"));

      try (Capture capture = topology.cable("one--two").capture(directory.resolve("join.pcap"))) {
        run(topology, "ping -c 2 b");
        await()
            .atMost(Duration.ofMinutes(10))
            .untilAsserted(() -> assertThat(capture.frames()).isGreaterThanOrEqualTo(4));
      }

      topology.node("b").restart();
      topology.node("b").awaitReady(Duration.ofMinutes(10));
      assertThat(run(topology, "ping -c 1 -W 20 b")).contains(" 0% packet loss");
    }
  }

  private static String run(RunningTopology topology, String script) throws Exception {
    return topology.node("a").shell().run(script).output();
  }
}
