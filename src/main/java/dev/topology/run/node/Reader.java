package dev.topology.run.node;

import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.posix.Reasons;
import dev.topology.posix.SocketStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One thread that reads one socket of one node until its end.
 *
 * <p>The end of the stream and a broken socket are the same to it: QEMU is gone, and how it went is
 * told by its exit status. If it ends for another reason, the node's output is not read any more:
 * {@link #broken} tells.
 */
abstract class Reader implements AutoCloseable {

  private final SocketStream socket;
  private final Thread thread;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<String> broken = new CompletableFuture<>();
  private boolean started;

  Reader(String threadName, SocketStream socket) {
    this.socket = socket;
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /** Reads until the end of the stream. */
  abstract void read() throws IOException;

  /** Begins to read, if it has not begun. */
  public final synchronized void startOnce() {
    if (!started) {
      started = true;
      thread.start();
    }
  }

  /** Completes when all that QEMU wrote before it ended has been read. */
  final CompletableFuture<Void> ended() {
    return ended;
  }

  /** Completes, with the reason, if reading ended although the other side had not. */
  public final CompletableFuture<String> broken() {
    return broken;
  }

  /** What was read cannot be right, or nothing is read at the other end. */
  final void broke(String reason) {
    broken.complete(reason);
  }

  private void run() {
    try {
      read();
    } catch (BoundedLines.ExceededException e) {
      broken.complete(Reasons.of(e));
    } catch (IOException gone) {
      // As at the end of the stream.
    } catch (BadFrameException e) {
      broke(thread.getName() + " heard what no agent says: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      broken.complete("the thread " + thread.getName() + " ended with " + e);
    } finally {
      ended.complete(null);
    }
  }

  /** Closes the socket and waits for the thread, for two seconds at the most. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + thread.getName(), e);
    }
    Closing.join(thread);
  }

  /**
   * Lines of UTF-8, none of which may be longer than a limit: those who write them can be hostile.
   * Not thread-safe.
   */
  static final class BoundedLines {

    /** More came than may come. */
    static final class ExceededException extends IOException {

      private static final long serialVersionUID = 1;

      ExceededException(String what) {
        super(what);
      }
    }

    private static final int CHUNK = 16 * 1024;

    private final InputStream input;
    private final int most;
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int to;

    /**
     * @param most the bytes that a line may have, without its line feed
     */
    BoundedLines(InputStream input, int most) {
      this.input = input;
      this.most = most;
    }

    /**
     * Waits for the next line; what comes after the last line feed is none.
     *
     * @return without its line feed; empty at the end
     * @throws ExceededException as soon as the line is too long; nothing can be read after that
     */
    Optional<String> next() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (from < to || fill()) {
        int end = lineEnd();
        if (line.size() + (end - from) > most) {
          throw new ExceededException("a line of more than " + most + " bytes");
        }
        line.write(chunk, from, end - from);
        from = end + 1;
        if (end < to) {
          return Optional.of(line.toString(StandardCharsets.UTF_8));
        }
      }
      return Optional.empty();
    }

    private boolean fill() throws IOException {
      from = 0;
      to = Math.max(0, input.read(chunk));
      return to > 0;
    }

    private int lineEnd() {
      int at = from;
      while (at < to && chunk[at] != '\n') {
        at++;
      }
      return at;
    }
  }
}
