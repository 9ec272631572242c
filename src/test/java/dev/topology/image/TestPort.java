package dev.topology.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One of a guest's ports, read by a thread of its own. */
final class TestPort implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final WritableByteChannel toGuest;
  private final Thread reader;
  private final StringBuilder text = new StringBuilder();

  private TestPort(
      String name, WritableByteChannel toGuest, Callable<ReadableByteChannel> fromGuest) {
    this.toGuest = toGuest;
    this.reader = new Thread(() -> readAll(fromGuest), "test-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** A socket that QEMU listens on. */
  static TestPort socket(Path path) {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    SocketChannel channel =
        Awaitility.await()
            .pollInterval(Duration.ofMillis(10))
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> connect(address), SocketChannel::isConnected);
    return new TestPort(path.getFileName().toString(), channel, () -> channel);
  }

  /** A pair of named pipes, {@code PATH.in} and {@code PATH.out}. */
  static TestPort pipe(Path path) throws IOException {
    // For reading and writing, because opening a pipe for writing alone waits for its reader.
    FileChannel toGuest =
        FileChannel.open(Path.of(path + ".in"), StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new TestPort(
        path.getFileName().toString(), toGuest, () -> FileChannel.open(Path.of(path + ".out")));
  }

  private static SocketChannel connect(UnixDomainSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(address);
    return channel;
  }

  private void readAll(Callable<ReadableByteChannel> fromGuest) {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    try (ReadableByteChannel in = fromGuest.call()) {
      while (in.read(buffer) >= 0) {
        append(StandardCharsets.UTF_8.decode(buffer.flip()).toString());
        buffer.clear();
      }
    } catch (Exception e) {
      // QEMU is gone, or the test is over.
    }
  }

  void send(String line) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line);
    while (bytes.hasRemaining()) {
      toGuest.write(bytes);
    }
  }

  /** Waits until the guest has said something. */
  void await(Pattern pattern, TestGuest guest) {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> found(pattern) || !reader.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("the guest does not say " + pattern + "\n" + guest, e);
    }
    if (!found(pattern)) {
      throw new AssertionError("the guest ended without saying " + pattern + "\n" + guest);
    }
  }

  private boolean found(Pattern pattern) {
    return pattern.matcher(text()).find();
  }

  private synchronized void append(String more) {
    text.append(more);
  }

  /** All that the guest has said. */
  synchronized String text() {
    return text.toString();
  }

  /** Waits until QEMU has closed the port. */
  void join() throws InterruptedException {
    reader.join(PATIENCE.toMillis());
  }

  @Override
  public void close() {
    try {
      toGuest.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
