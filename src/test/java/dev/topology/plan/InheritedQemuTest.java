package dev.topology.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Node.BootSource;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.LaunchPlan.SocketPlan.End;
import dev.topology.plan.LaunchPlan.SocketPlan.Purpose;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.plan.qemu.UserNetwork;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.Signal;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import dev.topology.posix.Spawn;
import dev.topology.testing.TestHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts one node's QEMU as planned, with its descriptors and a guest that is held. */
@Timeout(600)
class InheritedQemuTest {

  private static final PortForward SSH = Lab.forward(Protocol.TCP, 22, 0);

  @TempDir private Path directory;

  private final List<SocketPair> toClose = new ArrayList<>();

  @AfterEach
  void closeSockets() {
    toClose.forEach(SocketPair::close);
  }

  @Test
  void qemuTakesEveryOptionAndTellsTheHostPort() throws Exception {
    Path qemu = TestHost.qemu();
    try (ServerSocket service = new ServerSocket(0)) {
      Topology topology = topology(service.getLocalPort());
      LaunchPlan plan = Planner.plan(topology, Lab.host(), Lab.OPTIONS);
      NodePlan node = plan.nodes().get(0);
      Map<SocketPlan, SocketPair> pairs = pairs(plan);

      ChildProcess child = spawn(qemu, node, pairs);
      // A copy of ours would hide the end of QEMU.
      pairs.values().forEach(pair -> pair.far().close());

      // Kept open to the end: QEMU drops what it has not read when the monitor hangs up.
      try (SocketStream monitor = new SocketStream(pairs.values().iterator().next().near())) {
        assertThat(hostPortBeforeTheEnd(monitor)).isBetween(1, 65_535);
        assertThat(child.exit().get(10, TimeUnit.MINUTES).isSuccess()).as(child.output()).isTrue();
      } finally {
        child.signal(Signal.KILL);
      }
    }
  }

  private Map<SocketPlan, SocketPair> pairs(LaunchPlan plan) throws IOException {
    Map<SocketPlan, SocketPair> made = new LinkedHashMap<>();
    for (SocketPlan socket : plan.sockets().toList()) {
      SocketPair pair =
          socket.purpose() == Purpose.CABLE ? SocketPair.datagram() : SocketPair.stream();
      toClose.add(pair);
      made.put(socket, pair);
    }
    return made;
  }

  private static ChildProcess spawn(Path qemu, NodePlan node, Map<SocketPlan, SocketPair> pairs)
      throws IOException {
    Spawn spawn = Spawn.of(qemu).arguments(node.arguments());
    for (Map.Entry<SocketPlan, SocketPair> pair : pairs.entrySet()) {
      if (pair.getKey().ends().get(0) instanceof End.Child end && end.node().equals(node.name())) {
        spawn = spawn.inherit(pair.getValue().far(), end.number());
      }
    }
    return spawn.start();
  }

  private static int hostPortBeforeTheEnd(SocketStream monitor) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(monitor.input(), UTF_8));
    assertThat(QmpMessage.parse(lines.readLine())).isInstanceOf(QmpMessage.Greeting.class);
    ask(monitor, lines, QmpCommand.capabilities());
    String listing = ask(monitor, lines, QmpCommand.userNetwork()).value().asText();
    tell(monitor, QmpCommand.quit());
    return UserNetwork.parse(listing).hostPort(SSH).orElseThrow();
  }

  private static QmpMessage.Return ask(
      SocketStream socket, BufferedReader lines, QmpCommand command) throws IOException {
    tell(socket, command);
    return (QmpMessage.Return) QmpMessage.parse(lines.readLine());
  }

  private static void tell(SocketStream socket, QmpCommand command) throws IOException {
    socket.write(ByteBuffer.wrap((command.line() + "\n").getBytes(UTF_8)));
  }

  private Topology topology(int servicePort) throws IOException {
    // QEMU 7.2 loads anything as a Linux of the first protocol, and a held guest never runs it.
    Path kernel = Files.write(directory.resolve("a,kernel"), new byte[4096]);
    return new Lab()
        .node(
            new Lab.Draft("a")
                .boot(
                    new BootSource(
                        Optional.empty(), Optional.of(kernel), Optional.empty(), "hint=a,b"))
                .channels("one", "two")
                .ports(SSH, Lab.forward(Protocol.UDP, 53, 0))
                .services(Lab.service("10.42.0.100", 5000, "127.0.0.1", servicePort)))
        .node("b")
        .cable("a", 1, "b", 1)
        .topology("pair");
  }
}
