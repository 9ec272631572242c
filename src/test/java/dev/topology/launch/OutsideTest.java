package dev.topology.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.topology.run.RunEvent;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningTopology;
import dev.topology.run.cable.Capture;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.testing.ChildJvm;
import dev.topology.testing.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cables that lead out of the topology. */
class OutsideTest {

  private static final String LONE =
      """
      name: lone
      defaults: {memory: 128MiB, host_network: false}
      nodes: {a: {}}
      cables:
        - name: out
          ends: [{node: a, address: 10.9.0.1/24}, %s]
      """;

  private static final String LAN =
      """
      name: lan
      defaults: {memory: 128MiB, host_network: false}
      nodes: {b: {}}
      switches:
        lan: {subnet: 10.9.0.0/24, ends: [%s, {node: b, address: 10.9.0.2/24}]}
      """;

  @TempDir private Path directory;

  @Test
  void joinTwoTopologiesOverUdp() throws Exception {
    List<Integer> ports = freePorts();
    int one = ports.get(0);
    int other = ports.get(1);
    try (Launch left = launch("one", LONE.formatted(udp(other, one)));
        Launch right = launch("two", LAN.formatted(udp(one, other)))) {
      RunningTopology topology = left.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      right.topology().ready().get(10, TimeUnit.MINUTES);
      RunningCable out = topology.cable("out");

      assertThat(ping(topology, "-c 3 -W 20 -s 1400")).contains(" 0% packet loss");
      assertThat(out.counters().orElseThrow().leftToRight().deliveredFrames())
          .isGreaterThanOrEqualTo(3);

      out.cut();
      assertThat(ping(topology, "-c 1 -W 1")).contains("100% packet loss");
      out.join();
      try (Capture capture = out.capture(directory.resolve("out.pcap"))) {
        assertThat(ping(topology, "-c 2 -W 20")).contains(" 0% packet loss");
        await()
            .atMost(Duration.ofMinutes(10))
            .untilAsserted(() -> assertThat(capture.frames()).isGreaterThanOrEqualTo(4));
      }

      right.topology().node("b").restart();
      right.topology().node("b").awaitReady(Duration.ofMinutes(10));
      assertThat(ping(topology, "-c 1 -W 20")).contains(" 0% packet loss");
    }
  }

  @Test
  void saysWhyThereIsNoWayOut() throws Exception {
    try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("0.0.0.0", 0))) {
      assertThatThrownBy(() -> launch("taken", LONE.formatted(udp(9, taken.getLocalPort()))))
          .isInstanceOfSatisfying(
              LaunchException.class,
              e ->
                  assertThat(e.remedy())
                      .isEqualTo("choose another with \"listen\", and tell the other side"))
          .hasMessageEndingWith("UDP port %d of this host is taken", taken.getLocalPort());
    }
    assertThatThrownBy(() -> launch("absent", LONE.formatted("{host: no-such-tap}")))
        .isInstanceOfSatisfying(
            LaunchException.class,
            e ->
                assertThat(e.remedy())
                    .isEqualTo(
                        "make it: sudo ip tuntap add dev no-such-tap mode tap user $USER"
                            + " && sudo ip link set no-such-tap up"))
        .hasMessage(
            "cannot lead cable \"out\" to the tap no-such-tap of this host: there is no such"
                + " interface");
    assertThatThrownBy(() -> launch("loopback", LONE.formatted("{host: lo0}")))
        .hasMessageEndingWith("there is no such interface");
  }

  /** In a network name space of its own, where the user may make taps. */
  @Test
  void leadToTaps() throws Exception {
    String inside =
        String.join(" && ", "ip link set lo up", tap("tap0"), tap("tap1"))
            + " && ip addr add 10.9.0.254/24 dev tap0 && ip tuntap add dev tun0 mode tun"
            + " && ip link set tun0 up && ip tuntap add dev down0 mode tap && exec \"$@\"";
    List<String> command = new ArrayList<>(List.of("unshare", "--map-root-user", "--net"));
    command.addAll(List.of("sh", "-c", inside, "sh"));
    if (!canMakeTaps(command)) {
      return;
    }
    command.addAll(ChildJvm.command(OutsideTest.class, directory.toString()));
    Path said = directory.resolve("said");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();

    assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
    String text = Files.readString(said);
    assertThat(child.exitValue()).as(text).isZero();
    assertThat(text)
        .contains("pings the host:  0% packet loss", "the host pings it: true")
        .contains("moved:  0% packet loss", "moved back:  0% packet loss")
        .contains("cut: 100% packet loss", "is gone: cable \"out\" leads nowhere any more")
        .contains("tap0: another program has it open; end that program, or make another tap")
        .contains("tun0: it is an interface of another kind, or has several queues; ")
        .contains("down0: it is down; sudo ip link set down0 up");
  }

  private static String tap(String name) {
    return "ip tuntap add dev " + name + " mode tap && ip link set " + name + " up";
  }

  private static boolean canMakeTaps(List<String> command) throws Exception {
    List<String> probe = new ArrayList<>(command);
    probe.add("true");
    try {
      Process process = new ProcessBuilder(probe).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      return process.waitFor() == 0
          || Unavailable.<Boolean>because("no taps can be made in a network name space: " + said);
    } catch (IOException e) {
      return Unavailable.<Boolean>because("no network name space can be made: " + e.getMessage());
    }
  }

  /** What {@link #leadToTaps} runs in the name space. Says what it sees. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (Launch launch = launch(directory, "tap", LONE.formatted("{host: tap0}"))) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      say("pings the host: " + last(run(topology, "ping -c 2 -W 20 10.9.0.254")));
      say("the host pings it: " + InetAddress.getByName("10.9.0.1").isReachable(20_000));
      topology.cable("out").cut();
      say("cut:" + last(run(topology, "ping -c 1 -W 1 10.9.0.254")));
      topology.cable("out").join();

      say("moved: " + move(topology, directory, "tap0", "tap1"));
      say("moved back: " + move(topology, directory, "tap1", "tap0"));

      for (String device : List.of("tap0", "tun0", "down0")) {
        try {
          launch(directory, device, LONE.formatted("{host: " + device + "}")).close();
        } catch (LaunchException e) {
          say(device + e.what().replaceFirst(".* of this host", "") + "; " + e.remedy());
        }
      }
      new ProcessBuilder("ip", "link", "del", "tap0").inheritIO().start().waitFor();
      await()
          .atMost(Duration.ofMinutes(10))
          .until(() -> topology.events().stream().anyMatch(RunEvent.Warned.class::isInstance));
      topology.events().stream()
          .filter(RunEvent.Warned.class::isInstance)
          .forEach(it -> say("is gone: " + ((RunEvent.Warned) it).message()));
    }
  }

  /** Leads the cable to another tap, which takes the host's address, and pings over it. */
  private static String move(RunningTopology topology, Path directory, String from, String to)
      throws Exception {
    for (String change : List.of("del 10.9.0.254/24 dev " + from, "add 10.9.0.254/24 dev " + to)) {
      new ProcessBuilder(("ip addr " + change).split(" ")).inheritIO().start().waitFor();
    }
    String yaml = LONE.formatted("{host: " + to + "}");
    RealLaunch.change(topology, directory)
        .carryOut(new ByteArrayInputStream(yaml.getBytes(UTF_8)), "tap.yaml", List.of());
    topology.awaitReady(Duration.ofMinutes(10));
    return last(run(topology, "ping -c 2 -W 20 10.9.0.254"));
  }

  private static String last(String ping) {
    return Objects.requireNonNull(
        ping.lines()
            .filter(it -> it.contains("packet loss"))
            .map(it -> it.replaceFirst(".*received,", ""))
            .findFirst()
            .orElse(ping));
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static String ping(RunningTopology topology, String options) throws Exception {
    return run(topology, "ping " + options + " 10.9.0.2");
  }

  private static String run(RunningTopology topology, String script) throws Exception {
    return topology.node("a").shell().run(script).output();
  }

  private Launch launch(String name, String yaml) throws Exception {
    return launch(directory, name, yaml);
  }

  private static Launch launch(Path directory, String name, String yaml) throws Exception {
    return RealLaunch.of(yaml, Files.createDirectories(directory.resolve(name)));
  }

  private static String udp(int peer, int listen) {
    return "{udp: \"127.0.0.1:%d\", listen: %d}".formatted(peer, listen);
  }

  private static List<Integer> freePorts() throws IOException {
    try (DatagramSocket one = new DatagramSocket();
        DatagramSocket other = new DatagramSocket()) {
      return List.of(one.getLocalPort(), other.getLocalPort());
    }
  }
}
