package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.ServiceRelay;
import dev.topology.run.node.ShellLink;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest is held to whose agent is not ours: this test speaks in its place. */
class ServiceRelayLimitsTest {

  private static final long FIRST = 1L << 31;

  /** {@link AgentFrame.Type#CLOSE}, on the wire. */
  private static final int CLOSE = 5;

  @TempDir Path directory;

  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final CountDownLatch connected = new CountDownLatch(ServiceRelay.MOST_CONNECTIONS);
  private final CountDownLatch warned = new CountDownLatch(1);
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  private HostService target;
  private SocketStream guest;
  private DataInputStream fromHost;
  private ShellLink shell;
  private ServiceRelay relay;
  private long listener;

  private record Frame(int type, long id) {}

  @BeforeEach
  void listen() throws Exception {
    target = HostService.at(directory.resolve("target"), this::keep);
    SocketPair pair = SocketPair.stream();
    guest = new SocketStream(pair.far());
    fromHost = new DataInputStream(guest.input());
    shell = new ShellLink("a", new SocketStream(pair.near()));
    TestNode node = node("a").reaches(1, target.target());
    var plan = RecordedRun.plan(TestNode.topology("limits", node), directory).nodes().get(0);
    relay = new ServiceRelay(plan, shell, this::warn);
    CompletableFuture<Void> listening = relay.listen();
    say(AgentFrame.Type.HELLO, 0, AgentFrame.GREETING.getBytes(UTF_8));
    listener = hear().id();
    say(AgentFrame.Type.DONE, listener, new byte[0]);
    listening.get(10, TimeUnit.MINUTES);
  }

  /** Told that the target refuses, it holds up the relay's thread. */
  private void warn(String warning) {
    warnings.add(warning);
    if (warning.startsWith("cannot connect")) {
      warned.countDown();
      over.join();
    }
  }

  private void keep(SocketChannel channel) throws Exception {
    connected.countDown();
    over.join();
  }

  @AfterEach
  void close() throws Exception {
    over.complete(null);
    guest.close();
    shell.close();
    relay.close();
    target.close();
  }

  private void say(AgentFrame.Type type, long id, byte[] payload) throws IOException {
    guest.write(ByteBuffer.wrap(new AgentFrame(type, 0, id, payload).bytes()));
  }

  private void connect(long id) throws IOException {
    byte[] payload = ByteBuffer.allocate(10).putInt((int) id).array();
    say(AgentFrame.Type.ACCEPTED, listener, payload);
  }

  private Frame hear() throws IOException {
    int type = fromHost.readByte();
    fromHost.skipNBytes(3);
    long id = Integer.toUnsignedLong(fromHost.readInt());
    fromHost.skipNBytes(fromHost.readInt());
    return new Frame(type, id);
  }

  /** It may send nothing before it has credit, which the relay's thread gives: that is held up. */
  @Test
  void oneThatSendsMoreThanItMayIsHeardNoLonger() throws Exception {
    target.close();
    connect(FIRST);
    assertThat(warned.await(10, TimeUnit.MINUTES)).isTrue();
    connect(FIRST + 1);
    say(AgentFrame.Type.DATA, FIRST + 1, new byte[1]);

    assertThat(shell.broken().get(10, TimeUnit.MINUTES))
        .contains("more of a connection than it may");
  }

  @Test
  void connectionsBeyondTheMostAreResetAndThatIsSaidOnce() throws Exception {
    int beyond = 3;
    for (int i = 0; i < ServiceRelay.MOST_CONNECTIONS + beyond; i++) {
      connect(FIRST + i);
    }
    List<Long> closed = new ArrayList<>();
    while (closed.size() < beyond) {
      Frame frame = hear();
      if (frame.type() == CLOSE) {
        closed.add(frame.id());
      }
    }

    long first = FIRST + ServiceRelay.MOST_CONNECTIONS;
    assertThat(closed).containsExactly(first, first + 1, first + 2);
    assertThat(warnings)
        .containsExactly(
            "it has more than 256 connections to its services at once; the others are reset (said"
                + " once)");
    assertThat(connected.await(10, TimeUnit.MINUTES)).isTrue();
    assertThat(shell.broken()).isNotDone();
  }
}
