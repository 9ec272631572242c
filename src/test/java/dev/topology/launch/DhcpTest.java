package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interfaces with {@code address: dhcp}, on a switch where one node gives addresses out. */
class DhcpTest {

  private static final String YAML =
      """
      defaults: {memory: 128MiB, host_network: false}
      nodes:
        pc: {count: 2, host_network: true}
        server:
          files: {/etc/udhcpd.conf: udhcpd.conf}
          command: udhcpd -f /etc/udhcpd.conf
      switches:
        lan: {ends: [{node: server, address: 10.1.0.1/24}]}
      cables:
        - [{node: pc-1, address: dhcp}, lan]
        - [{node: pc-2, address: dhcp}, lan]
      """;

  /** A lease that has to be renewed after 3 s. */
  private static final String CONFIGURATION =
      """
      start 10.1.0.100
      end 10.1.0.101
      interface eth1
      lease_file /tmp/leases
      min_lease 1
      option subnet 255.255.255.0
      option router 10.1.0.1
      option dns 10.1.0.1
      option domain lan.example
      option lease 6
      """;

  @TempDir private Path directory;

  @Test
  void getAddressesThatAreRenewed() throws Exception {
    Files.writeString(directory.resolve("udhcpd.conf"), CONFIGURATION);
    try (Launch launch = RealLaunch.of(YAML, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningNode one = topology.node("pc-1");
      RunningNode other = topology.node("pc-2");

      assertThat(address(one)).matches("10\\.1\\.0\\.10[01]/24").isNotEqualTo(address(other));
      String ping = "ping -c 2 -W 20 " + address(other).replace("/24", "");
      assertThat(one.shell().run(ping).output()).contains(" 0% packet loss");
      assertThat(one.shell().run("ip route | grep default; cat /etc/resolv.conf").output())
          .matches(
              "default via 10\\.1\\.0\\.1 dev eth1 +metric 100\\d ?\nsearch lan\\.example\nnameserver 10\\.1\\.0\\.1");
      assertThat(one.shell().run("ping -c 1 -W 20 server").output()).contains(" 0% packet loss");

      // The server says which host has which lease, and how long for; the console says each answer.
      String before = address(one);
      String acknowledged = "sending ACK to " + before.replace("/24", "");
      await()
          .atMost(Duration.ofMinutes(10))
          .untilAsserted(
              () ->
                  assertThat(topology.node("server").console().text().split(acknowledged, -1))
                      .hasSizeGreaterThan(3));
      assertThat(address(one)).isEqualTo(before);
      one.console().expect("eth1 has the address " + before + " by DHCP", Duration.ofMinutes(10));
    }
  }

  private static String address(RunningNode node) throws Exception {
    return node.shell()
        .run("ip -4 addr show dev eth1 | sed -n 's/.*inet \\([^ ]*\\) .*/\\1/p'")
        .expectSuccess()
        .output();
  }
}
