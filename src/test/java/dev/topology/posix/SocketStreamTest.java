package dev.topology.posix;

import static dev.topology.posix.Processes.READ;
import static dev.topology.posix.Processes.SENDTO;
import static dev.topology.posix.Processes.await;
import static dev.topology.posix.Processes.exitOf;
import static dev.topology.posix.Processes.shell;
import static dev.topology.posix.Processes.waitsIn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketStreamTest {
  private SocketStream near;
  private SocketStream far;

  @BeforeEach
  void connect() throws IOException {
    SocketPair pair = SocketPair.stream();
    near = new SocketStream(pair.near());
    far = new SocketStream(pair.far());
  }

  @AfterEach
  void disconnect() throws IOException {
    near.close();
    far.close();
  }

  @Test
  void carriesMoreThanAnyBufferHolds() throws Exception {
    byte[] sent = new byte[10_000_019];
    new Random(1).nextBytes(sent);
    FutureTask<Integer> writer =
        inThread(
            "writer",
            () -> {
              int count = near.write(ByteBuffer.wrap(sent));
              near.endOutput();
              return count;
            });

    assertThat(far.input().readAllBytes()).isEqualTo(sent);
    assertThat(writer.get(10, TimeUnit.MINUTES)).isEqualTo(sent.length);
  }

  @Test
  void readsIntoTheWindowOfABuffer() throws Exception {
    near.output().write("hello".getBytes(UTF_8));
    ByteBuffer window = ByteBuffer.allocateDirect(10).position(2).limit(5);

    assertThat(far.read(window)).isEqualTo(3);
    assertThat(far.read(window)).isZero();

    assertThat(UTF_8.decode(window.rewind()).toString()).isEqualTo("\0\0hel");
  }

  @Test
  void closingWakesAReader() throws Exception {
    FutureTask<Integer> reader = inThread("reader", () -> near.read(ByteBuffer.allocate(10)));
    await("the reader waits", () -> waitsIn(READ, "reader"));

    near.close();

    assertThatThrownBy(() -> reader.get(10, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(AsynchronousCloseException.class);
  }

  @Test
  void closingWakesAWriter() throws Exception {
    FutureTask<Integer> writer =
        inThread("writer", () -> near.write(ByteBuffer.allocate(100_000_000)));
    await("the writer waits", () -> waitsIn(SENDTO, "writer"));

    near.close();

    assertThatThrownBy(() -> writer.get(10, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(AsynchronousCloseException.class);
  }

  @Test
  void doesNotReadFromAnotherSocketThatGotItsNumber() throws Exception {
    near.close();
    try (SocketPair stranger = SocketPair.stream()) {
      assertThatThrownBy(() -> near.read(ByteBuffer.allocate(10)))
          .isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> near.write(ByteBuffer.allocate(10)))
          .isInstanceOf(ClosedChannelException.class);
      assertThat(near.isOpen()).isFalse();
      assertThat(stranger.near().isClosed()).isFalse();
    }
  }

  @Test
  void endsWhenTheOtherEndIsClosed() throws Exception {
    far.output().write("last words".getBytes(UTF_8));
    far.close();

    assertThat(near.input().readAllBytes()).asString().isEqualTo("last words");
    assertThat(near.read(ByteBuffer.allocate(10))).isEqualTo(-1);
  }

  @Test
  void endsWhenTheOtherEndLeavesBytesUnread() throws Exception {
    near.output().write("never read".getBytes(UTF_8));
    far.close();

    assertThat(near.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    assertThat(near.read(ByteBuffer.allocate(10))).isEqualTo(-1);
  }

  @Test
  void saysThatNobodyReads() throws Exception {
    far.close();

    assertThatThrownBy(() -> near.write(ByteBuffer.allocate(10)))
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.symbol()).isEqualTo("EPIPE"));
  }

  @Test
  void answersAfterTheOtherEndHasWrittenAll() throws Exception {
    near.output().write("question".getBytes(UTF_8));
    near.endOutput();

    assertThat(far.input().readAllBytes()).asString().isEqualTo("question");
    far.output().write("answer".getBytes(UTF_8));
    far.close();

    assertThat(near.input().readAllBytes()).asString().isEqualTo("answer");
  }

  @Test
  void endsWhenTheChildAtTheOtherEndDies() throws Exception {
    try (SocketPair pair = SocketPair.stream();
        SocketStream stream = new SocketStream(pair.near())) {
      ChildProcess child = shell("echo up >&3; exec sleep 600").inherit(pair.far(), 3).start();
      pair.far().close();
      assertThat(stream.read(ByteBuffer.allocate(10))).isEqualTo(3);

      child.signal(Signal.KILL);

      assertThat(stream.read(ByteBuffer.allocate(10))).isEqualTo(-1);
      exitOf(child);
    }
  }

  private static <T> FutureTask<T> inThread(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  @Test
  void aBufferedPairHoldsAMegabyteOfSmallWritesWhileNobodyReads() throws Exception {
    try (SocketPair pair = SocketPair.bufferedStream();
        SocketStream writer = new SocketStream(pair.near());
        SocketStream reader = new SocketStream(pair.far())) {
      byte[] sixteen = "0123456789abcde\n".getBytes(UTF_8);
      for (int i = 0; i < 65_536; i++) {
        writer.write(ByteBuffer.wrap(sixteen));
      }
      writer.endOutput();
      assertThat(reader.input().readAllBytes()).hasSize(65_536 * 16).startsWith(sixteen);
    }
  }
}
