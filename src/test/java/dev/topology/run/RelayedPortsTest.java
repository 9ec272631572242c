package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.model.IpAddress;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One guest behind ports of IPv6 addresses, of which port 80 sends back all that comes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RelayedPortsTest {

  private static final int MEBIBYTE = 1 << 20;

  @TempDir static Path directory;

  private static RecordedRun run;
  private static RunningNode web;

  @BeforeAll
  static void start() throws Exception {
    assumeThat(NetworkInterface.getByName("lo").inetAddresses())
        .as("this host has IPv6")
        .anyMatch(Inet6Address.class::isInstance);
    run =
        RecordedRun.of(
            TestNode.topology(
                "relayed", node("web").publishes(port(80, "::1")).publishes(port(81, "::"))),
            directory);
    web = run.running().node("web");
    run.running().awaitReady();
    serve(80, "cat");
  }

  private static PortForward port(int guestPort, String address) {
    return new PortForward(Protocol.TCP, guestPort, address(address), OptionalInt.empty());
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  @AfterAll
  static void stop() {
    if (run != null) {
      run.close();
    }
  }

  /** Has a program run for each connection, and waits until that can be made. */
  private static void serve(int guestPort, String program) throws Exception {
    String script =
        """
        setsid nc -ll -p %1$d -e %2$s >/dev/null 2>&1 &
        until netstat -ltn | grep -q ':%1$d '; do sleep 0.05; done
        """;
    web.shell().run(script.formatted(guestPort, program)).expectSuccess();
  }

  private static Socket connect(int guestPort, String address) throws Exception {
    return new Socket(address(address).inet(), web.hostPort(guestPort));
  }

  @Test
  @Order(1)
  void allBytesPassBothWaysAndEachDirectionEndsByItself() throws Exception {
    List<CompletableFuture<Void>> echoes = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      byte[] sent = new byte[MEBIBYTE];
      new Random(seed).nextBytes(sent);
      echoes.add(CompletableFuture.runAsync(() -> assertThat(echo(sent)).isEqualTo(sent)));
    }
    CompletableFuture.allOf(echoes.toArray(CompletableFuture<?>[]::new)).get();
  }

  /** Sends all and its end, while it reads all to its end. */
  private static byte[] echo(byte[] sent) {
    try (Socket socket = connect(80, "::1")) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  OutputStream out = socket.getOutputStream();
                  out.write(sent);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      byte[] received = socket.getInputStream().readAllBytes();
      sending.get();
      return received;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Order(2)
  void thePortIsTheSameAtTheAddressThatStandsForAll() throws Exception {
    serve(81, "hostname");
    for (String address : List.of("::1", "127.0.0.1")) {
      try (Socket socket = connect(81, address)) {
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).isEqualTo("web\n");
      }
    }
    assertThat(web.hostPorts())
        .extracting(port -> port.hostAddress().beforePort())
        .containsExactly("[::1]", "[::]");
  }

  @Test
  @Order(3)
  void oneThatDoesNotReadHoldsUpNobody() throws Exception {
    try (Socket stuck = connect(80, "::1")) {
      var filling =
          CompletableFuture.runAsync(
              () -> {
                try {
                  stuck.getOutputStream().write(new byte[64 * MEBIBYTE]);
                } catch (IOException closed) {
                  // As it is meant to be, at the end.
                }
              });
      byte[] sent = "others go on".getBytes(UTF_8);
      assertThat(echo(sent)).isEqualTo(sent);
      assertThat(filling).isNotDone();
    }
  }

  @Test
  @Order(4)
  void theNumberStaysTheSameThroughARestartAndNobodyAnswersMeanwhile() throws Exception {
    int port = web.hostPort(80);
    web.stop();
    try (Socket socket = connect(80, "::1")) {
      assertThatExceptionOfType(SocketException.class)
          .isThrownBy(() -> socket.getInputStream().read())
          .withMessageContaining("reset");
    }
    web.restart();
    web.awaitReady();
    assertThat(web.hostPort(80)).isEqualTo(port);
    serve(80, "cat");
    byte[] sent = "second life".getBytes(UTF_8);
    assertThat(echo(sent)).isEqualTo(sent);
  }

  @Test
  @Order(5)
  void nothingListensOnceTheRunIsOver() throws Exception {
    int port = web.hostPort(80);
    run.close();
    try (var again = new ServerSocket(port, 1, address("::1").inet())) {
      assertThat(again.isBound()).isTrue();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("relay-web");
  }

  @Test
  void aTakenPortIsNamedWithItsHolder() throws Exception {
    InetSocketAddress loopback = new InetSocketAddress(address("::1").inet(), 0);
    try (var taken = new ServerSocket()) {
      taken.bind(loopback);
      var forward =
          new PortForward(
              Protocol.TCP,
              80,
              new IpAddress(loopback.getAddress()),
              OptionalInt.of(taken.getLocalPort()));
      try (var failing =
          RecordedRun.of(TestNode.topology("taken6", node("left").publishes(forward)), directory)) {
        assertThat(failing.failure().cause().describe())
            .isEqualTo(
                "it could not be started: host port %d/tcp on [::1] is taken by java (pid %d)"
                    .formatted(taken.getLocalPort(), ProcessHandle.current().pid()));
      }
    }
  }
}
