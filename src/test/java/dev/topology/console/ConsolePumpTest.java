package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.console.ConsolePump.RawLog;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsolePumpTest {

  @TempDir private Path directory;

  private final ConsoleRecord record = new ConsoleRecord("left");
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private SocketChannel guest;
  private SocketChannel host;

  @BeforeEach
  void connect() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      guest = SocketChannel.open(address);
      host = server.accept();
    }
  }

  @AfterEach
  void disconnect() throws IOException {
    guest.close();
    host.close();
  }

  @Test
  void keepsEveryByteInTheLogAndTheTextInTheRecord() throws Exception {
    Path file = directory.resolve("left.console");
    String printed = "\033[31mred\033[m\r\n".repeat(100_000) + "# ";
    try (ConsolePump pump = pump(file)) {
      print(printed);
      guest.close();
      pump.ended().get(1, TimeUnit.MINUTES);
    }

    assertThat(Files.readString(file)).isEqualTo(printed);
    assertThat(record.mark()).isEqualTo(new Mark(400_002));
    assertThat(record.tail(2)).containsExactly("red", "# ");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFullDiskIsToldOnceAndTheConsoleIsDrainedOn() throws Exception {
    Path full = Path.of("/dev/full");
    assumeThat(full).as("a device that is always full").exists();
    try (ConsolePump pump = pump(full)) {
      print("one\n");
      record.await(Expectation.text("one"), Mark.START, Duration.ofMinutes(1));
      print("two\n".repeat(1_000_000));
      guest.close();
      pump.ended().get(1, TimeUnit.MINUTES);
    }

    assertThat(record.tail(1)).containsExactly("two");
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .isEqualTo(
            "cannot write on /dev/full, the console log of left: No space left on device. The log"
                + " ends there; everything else goes on. Free some space, or give the logs another"
                + " place.");
  }

  @Test
  void aWaitEndsWhenTheGuestDies() throws Exception {
    try (ConsolePump pump = pump(directory.resolve("left.console"))) {
      var wait = record.find(Expectation.text("login:"), Mark.START);
      guest.close();

      assertThatThrownBy(() -> wait.get(1, TimeUnit.MINUTES))
          .hasMessageContaining("did not print \"login:\" and will not any more");
      assertThat(pump.ended()).succeedsWithin(Duration.ofMinutes(1));
    }
  }

  @Test
  void closingEndsTheThreadThoughTheGuestLives() throws Exception {
    ConsolePump pump = pump(directory.resolve("left.console"));
    assertThat(threads()).contains("console-left");
    pump.close();
    pump.close();

    assertThat(threads()).doesNotContain("console-left");
    assertThat(pump.ended()).isCompleted();
  }

  private ConsolePump pump(Path file) throws IOException {
    RawLog log = RawLog.open("left", file, warnings::add);
    return ConsolePump.start(Channels.newInputStream(host), record, log);
  }

  private void print(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      guest.write(bytes);
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
