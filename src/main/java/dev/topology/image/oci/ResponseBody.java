package dev.topology.image.oci;

import dev.topology.image.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a registry answers. The JDK's stream has no limit of time, and does not end on an interrupt
 * before Java 21: so a thread of its own reads it. Not thread-safe.
 */
final class ResponseBody extends BulkInputStream {

  private final InputStream in;
  private final Duration silence;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "registry-answer");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param in closed with this
   * @param silence how long nothing may come
   */
  ResponseBody(InputStream in, Duration silence) {
    this.in = in;
    this.silence = silence;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ClosedByInterruptException if this thread is interrupted, which it stays
   */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Future<Integer> read = reader.submit(() -> in.read(bytes, offset, length));
    try {
      return read.get(silence.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      in.close();
      throw new IOException("the registry stopped in the middle of its answer", e);
    } catch (InterruptedException e) {
      in.close();
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    } catch (ExecutionException e) {
      Throwable lost = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(lost.getMessage(), lost);
    }
  }

  @Override
  public void close() throws IOException {
    reader.shutdown();
    in.close();
  }
}
