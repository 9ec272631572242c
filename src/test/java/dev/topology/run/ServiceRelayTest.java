package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.GuestService.Target;
import dev.topology.run.exec.CommandResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A guest without a host network, which reaches services of this test. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceRelayTest {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int AT_ONCE = 50;

  @TempDir static Path directory;

  private static final CountDownLatch ALL_THERE = new CountDownLatch(AT_ONCE);
  private static final CountDownLatch STUCK = new CountDownLatch(1);
  private static final CountDownLatch OPENED = new CountDownLatch(1);
  private static final CountDownLatch BROKEN_OFF = new CountDownLatch(1);
  private static final CountDownLatch TESTS_OVER = new CountDownLatch(1);

  private static List<HostService> services;
  private static RecordedRun run;
  private static RunningNode guest;

  @BeforeAll
  static void start() throws Exception {
    services =
        List.of(
            HostService.at("127.0.0.1", HostService::echo),
            HostService.at("::1", HostService::echo),
            HostService.at(directory.resolve("app.sock"), HostService::echo),
            HostService.at("127.0.0.1", ServiceRelayTest::answerAllAtOnce),
            HostService.at("127.0.0.1", ServiceRelayTest::neverRead),
            HostService.at("127.0.0.1", ServiceRelayTest::countThenTell),
            HostService.at("127.0.0.1", ServiceRelayTest::waitForTheEnd));
    TestNode node = node("a").hasMebibytes(160).reaches(9, nothing());
    for (int i = 0; i < services.size(); i++) {
      node.reaches(i + 1, services.get(i).target());
    }
    node.reaches(80, services.get(0).target());
    run = RecordedRun.of(TestNode.topology("services", node), directory);
    guest = run.running().node("a");
    run.running().awaitReady();
  }

  /** Where nothing listens. */
  private static Target nothing() throws IOException {
    try (HostService gone = HostService.at("127.0.0.1", HostService::echo)) {
      return gone.target();
    }
  }

  private static void answerAllAtOnce(SocketChannel channel) throws Exception {
    ALL_THERE.countDown();
    ALL_THERE.await();
    HostService.echo(channel);
  }

  private static void neverRead(SocketChannel channel) throws Exception {
    STUCK.countDown();
    TESTS_OVER.await();
  }

  private static void waitForTheEnd(SocketChannel channel) {
    OPENED.countDown();
    try {
      HostService.echo(channel);
    } catch (IOException reset) {
      BROKEN_OFF.countDown();
    }
  }

  /** Reads to the end, and only then says how much that was. */
  private static void countThenTell(SocketChannel channel) throws Exception {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    long count = 0;
    for (int read = 0; read >= 0; read = channel.read(chunk.clear())) {
      count += read;
    }
    channel.write(ByteBuffer.wrap(String.valueOf(count).getBytes(UTF_8)));
  }

  @AfterAll
  static void stop() throws Exception {
    TESTS_OVER.countDown();
    if (run != null) {
      run.close();
    }
    for (HostService service : services) {
      service.close();
    }
  }

  private static CommandResult inGuest(String script) throws Exception {
    return guest.shell().run(script, LONG);
  }

  /** Sends a file to the service at a port, from which the same has to come back. */
  private static void expectEcho(int port, String file) throws Exception {
    String sum = inGuest("md5sum <" + file).output();
    String echoed = inGuest("nc 10.42.0.100 " + port + " <" + file + " | md5sum").output();
    assertThat(echoed).isEqualTo(sum);
  }

  @Test
  @Order(1)
  void tenMegabytesPassBothWays() throws Exception {
    inGuest("dd if=/dev/urandom of=/tmp/much bs=1M count=10").expectSuccess();
    expectEcho(1, "/tmp/much");
  }

  @Test
  @Order(2)
  void ipv6AndUnixSocketsAreTargetsToo() throws Exception {
    inGuest("dd if=/tmp/much of=/tmp/some bs=100k count=10").expectSuccess();
    expectEcho(2, "/tmp/some");
    expectEcho(3, "/tmp/some");
  }

  @Test
  @Order(3)
  void fiftyConnectionsAreServedAtOnce() throws Exception {
    inGuest("dd if=/tmp/much of=/tmp/little bs=50k count=1").expectSuccess();
    String script =
        """
        i=0
        while [ $((i += 1)) -le %d ]; do nc 10.42.0.100 4 </tmp/little | md5sum & done
        wait
        """;
    CommandResult sums = inGuest(script.formatted(AT_ONCE)).expectSuccess();
    String sum = inGuest("md5sum </tmp/little").output();
    assertThat(sums.output().lines()).hasSize(AT_ONCE).containsOnly(sum);
  }

  @Test
  @Order(4)
  void eachDirectionEndsByItself() throws Exception {
    assertThat(inGuest("nc 10.42.0.100 6 </tmp/some").output()).isEqualTo("1024000");
  }

  @Test
  @Order(5)
  void aTargetThatNeverReadsHoldsUpNobodyElse() throws Exception {
    inGuest("setsid nc 10.42.0.100 5 </dev/zero >/dev/null 2>&1 &").expectSuccess();
    assertThat(STUCK.await(10, TimeUnit.MINUTES)).isTrue();
    expectEcho(1, "/tmp/some");
    inGuest("killall nc").expectSuccess();
  }

  @Test
  @Order(6)
  void aConnectionIsResetWhereNothingListensAndThatIsSaidOnce() throws Exception {
    for (int i = 0; i < 2; i++) {
      assertThat(inGuest("wget -O - http://10.42.0.100:9/").errors()).contains("reset by peer");
    }
    // A busy host may have had the guest started again, and says so as well.
    assertThat(run.events(RunEvent.Warned.class))
        .extracting(RunEvent.Warned::message)
        .filteredOn(message -> message.startsWith("cannot connect it to 127.0.0.1:"))
        .singleElement()
        .asString()
        .contains("for its service 10.42.0.100:9: Connection refused");
  }

  @Test
  @Order(6)
  void aServerOfTheGuestListensAtThePortOfAServiceOnAllAddresses() throws Exception {
    inGuest("mkdir /tmp/www && echo own >/tmp/www/who").expectSuccess();
    inGuest("httpd -p 0.0.0.0:80 -h /tmp/www").expectSuccess();
    assertThat(inGuest("wget -q -O - http://127.0.0.1/who").output()).isEqualTo("own");
    expectEcho(80, "/tmp/little");
  }

  @Test
  @Order(7)
  void theyAreReachedAgainAfterARestart() throws Exception {
    guest.restart();
    guest.awaitReady();
    inGuest("dd if=/dev/urandom of=/tmp/some bs=100k count=10").expectSuccess();
    expectEcho(1, "/tmp/some");
  }

  @Test
  @Order(8)
  void theirConnectionsEndWithTheRun() throws Exception {
    inGuest("setsid sh -c 'sleep 600 | nc 10.42.0.100 7' >/dev/null 2>&1 &").expectSuccess();
    assertThat(OPENED.await(10, TimeUnit.MINUTES)).isTrue();
    run.close();
    assertThat(BROKEN_OFF.await(10, TimeUnit.MINUTES)).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("relay-a");
  }
}
