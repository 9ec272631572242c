package dev.topology.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueuedConnectionTest {

  @Test
  void childAcceptsTheConnectionThatWaits() throws Exception {
    try (QueuedConnection connection = QueuedConnection.open()) {
      ChildProcess child =
          Spawn.of(Path.of("/usr/bin/perl"))
              .arguments(
                  "-e",
                  "open(L, '+<&=', 3); accept(C, L) or die; syswrite(C, 'accepted'); sysread(C, $x, 9)")
              .inherit(connection.listener(), 3)
              .start();
      connection.listener().close();

      try (SocketStream stream = new SocketStream(connection.connected())) {
        ByteBuffer read = ByteBuffer.allocate(8);
        while (read.hasRemaining() && stream.read(read) != -1) {
          // The rest follows.
        }
        assertThat(new String(read.array(), UTF_8)).isEqualTo("accepted");
      }
      assertThat(child.exit().get(10, TimeUnit.MINUTES)).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void queueHasRoomForNoOther() throws Exception {
    try (QueuedConnection connection = QueuedConnection.open()) {
      ChildProcess stranger =
          Spawn.of(Path.of("/usr/bin/perl"))
              .arguments(
                  "-MSocket",
                  "-MFcntl",
                  "-e",
                  "open(L, '+<&=', 3); socket(S, PF_UNIX, SOCK_STREAM, 0);"
                      + " fcntl(S, F_SETFL, O_NONBLOCK);"
                      + " connect(S, getsockname(L)) and print 'in'; print 0 + $!")
              .inherit(connection.listener(), 3)
              .start();

      stranger.exit().get(10, TimeUnit.MINUTES);
      assertThat(stranger.output().strip()).isEqualTo("" + Libc.EAGAIN);
    }
  }
}
