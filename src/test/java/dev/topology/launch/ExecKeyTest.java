package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are run once before a node is ready: {@code exec}. */
class ExecKeyTest {

  @TempDir private Path directory;

  @Test
  void runsInOrderBeforeTheNodeIsReadyAndAgainAfterARestart() throws Exception {
    String yaml =
        """
        nodes:
          bridge:
            env: {BRIDGE: br 0}
            ready: {channel: early}
            channels: [early]
            command: echo x >/dev/virtio-ports/early; touch /tmp/told; sleep 1000
            exec:
              - until test -e /tmp/told; do sleep 0.1; done
              - echo "$BRIDGE" $(ip -o -4 addr show eth1 | grep -c inet) >>/tmp/log
              - [ip, link, add, br0, type, bridge]
              - |
                set -e
                ip link set eth1 master br0
                echo last >>/tmp/log
          late: {depends_on: [bridge], exec: [test -e /tmp], ready: {exec: "test -e /sys/class/net/eth1"}}
        cables: [[bridge, late]]
        """;
    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningNode bridge = topology.node("bridge");
      assertThat(made(bridge)).isEqualTo("br 0 1\nlast\neth1");
      bridge.restart();
      bridge.awaitReady(Duration.ofMinutes(10));
      assertThat(made(bridge)).isEqualTo("br 0 1\nlast\neth1");
    }
  }

  private static String made(RunningNode bridge) throws Exception {
    return bridge.shell().run("cat /tmp/log; ls /sys/class/net/br0/brif").output().strip();
  }

  @Test
  void failsTheNodeWithWhatTheCommandSaid() throws Exception {
    String yaml =
        """
        nodes:
          broken: {exec: ["true", [ip, link, set, eth7, up], "echo x >/dev/hvc0"]}
        """;
    assertThat(RealLaunch.failure(yaml, directory))
        .startsWith(
            "broken failed: \"ip link set eth7 up\" of its exec ended with exit status 2: \"ip: ");
  }

  @Test
  void tellsWhichCommandHadNotEnded() throws Exception {
    String yaml =
        """
        nodes:
          endless:
            exec: ["touch /tmp/begun; sleep 1000"]
            ready: {port: 22, within: 10m}
            command: until test -e /tmp/begun; do sleep 0.1; done; poweroff -f
        """;
    assertThat(RealLaunch.failure(yaml, directory))
        .startsWith(
            "endless failed: it powered off before it was ready: \"touch /tmp/begun; sleep 1000\" of"
                + " its exec had not ended");
  }
}
