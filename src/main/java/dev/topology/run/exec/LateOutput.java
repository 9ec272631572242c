package dev.topology.run.exec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** What a command has written, all of which comes when it has ended. Reading waits for that. */
final class LateOutput extends InputStream {

  private final CompletableFuture<InputStream> bytes = new CompletableFuture<>();
  private final GuestCommand.Broken broken;

  /**
   * @param broken says what it means that the node ended before
   */
  LateOutput(GuestCommand.Broken broken) {
    this.broken = broken;
  }

  /** Hands out all that there is. */
  void complete(byte[] all) {
    bytes.complete(new ByteArrayInputStream(all));
  }

  /** Hands out the beginning, and then fails: what was lost must not look like the end. */
  void complete(byte[] beginning, Supplier<RuntimeException> lost) {
    bytes.complete(new SequenceInputStream(new ByteArrayInputStream(beginning), new Lost(lost)));
  }

  /** Nothing will come. */
  void fail(Throwable reason) {
    bytes.completeExceptionally(reason);
  }

  private InputStream await() throws IOException {
    try {
      return bytes.get();
    } catch (InterruptedException e) {
      throw GuestCommand.interrupted();
    } catch (ExecutionException e) {
      throw GuestCommand.failure(bytes, broken);
    }
  }

  @Override
  public int read() throws IOException {
    return await().read();
  }

  @Override
  public int read(byte[] destination, int offset, int length) throws IOException {
    return await().read(destination, offset, length);
  }

  @Override
  public int available() throws IOException {
    return bytes.isDone() ? await().available() : 0;
  }

  /** Stands where the rest would be. */
  private static final class Lost extends InputStream {

    private final Supplier<RuntimeException> reason;

    Lost(Supplier<RuntimeException> reason) {
      this.reason = reason;
    }

    @Override
    public int read() {
      throw reason.get();
    }

    /** Not as of {@link InputStream}, which would make an exception the end. */
    @Override
    public int read(byte[] destination, int offset, int length) {
      return length == 0 ? 0 : read();
    }
  }
}
