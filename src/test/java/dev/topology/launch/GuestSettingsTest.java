package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.exec.Execution;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What guests make of {@code env}, {@code modules}, {@code sysctls} and {@code mtu}. */
class GuestSettingsTest {

  private static final String YAML =
      """
      nodes:
        a:
          env:
            QUOTES: it's "so" $HOME \\\\ `date`
            LINES: "  one\\n\\n'three'\\n"
            EMPTY: ""
            PATH: /opt/bin:/usr/bin
            console: /dev/null
          modules: [br-netfilter, dummy, fs-overlay]
          cmdline: dummy.numdummies=2
          sysctls:
            net.bridge.bridge-nf-call-iptables: 0
            net.ipv4.ip_default_ttl: 33
            net.ipv4.conf.default.rp_filter: 2
            net.ipv4.conf.eth1.rp_filter: 0
            net.ipv6.conf.default.disable_ipv6: 1
            net/ipv6/conf/eth1/disable_ipv6: 0
            net.ipv4.tcp_rmem: "4096 8192\\t16384"
          ports: {80: auto}
        b:
          env: {GREETING: hello}
          depends_on: [a]
          command: |
            echo "it said $GREETING in $HOME"
            ping -c 1 -s 8972 -M do a 2>&1 || ping -c 1 -s 8972 a
            sleep 1000
      cables:
        - ends: [a, b]
          mtu: 9000
        - ends: [a, {node: b, mtu: 1300}]
      """;

  @TempDir private Path directory;

  @Test
  void haveTheVariablesParametersAndPacketsOfTheFile() throws Exception {
    try (Launch launch = RealLaunch.of(YAML, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningNode a = topology.node("a");

      String variables = "printf '%s|' \"$QUOTES\" \"$LINES\" \"$EMPTY\" \"$PATH\" \"$console\"";
      String expected =
          "it's \"so\" $HOME \\\\ `date`|  one\n\n'three'\n||/opt/bin:/usr/bin|/dev/null|";
      assertThat(a.shell().run(variables).output()).isEqualTo(expected);
      try (Execution execution = a.exec(List.of("sh", "-c", variables))) {
        assertThat(new String(execution.output().readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo(expected);
      }
      a.console().sendLine("");
      a.console().sendLine(variables.replace("|", "%%"));
      a.console().expect("%/opt/bin:/usr/bin%/dev/null%", Duration.ofMinutes(10));

      assertThat(values(a, "ip_default_ttl", "tcp_rmem")).isEqualTo("33\n4096\t8192\t16384");
      assertThat(values(a, "conf/eth0/rp_filter", "conf/eth1/rp_filter", "conf/eth2/rp_filter"))
          .isEqualTo("2\n0\n2");
      assertThat(a.shell().run("cat /proc/sys/net/ipv6/conf/eth[012]/disable_ipv6").output())
          .isEqualTo("1\n0\n1");

      assertThat(a.shell().run("cat /proc/sys/net/bridge/bridge-nf-call-iptables").output())
          .isEqualTo("0");
      a.shell().run("ls -d /sys/class/net/dummy1 /sys/module/overlay").expectSuccess();

      RunningNode b = topology.node("b");
      assertThat(b.shell().run("cat /sys/class/net/eth[012]/mtu").output())
          .isEqualTo("1500\n9000\n1300");
      b.console().expect("it said hello in /root", Duration.ofMinutes(10));
      b.console().expect("8980 bytes from", Duration.ofMinutes(10));
    }
  }

  private static String values(RunningNode node, String... names) throws Exception {
    return node.shell().run("cd /proc/sys/net/ipv4 && cat " + String.join(" ", names)).output();
  }
}
