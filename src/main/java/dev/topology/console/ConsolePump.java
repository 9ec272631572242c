package dev.topology.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drains one node's console into its log file and its record, on a thread of its own named {@code
 * console-NODE}.
 *
 * <p>It waits for nothing but the guest: QEMU drops output, or the guest stops, when a console is
 * not read. Owns the stream and the log and closes both.
 */
public final class ConsolePump implements AutoCloseable {

  private static final int CHUNK = 64 * 1024;

  /** How long {@link #close} lets the console end by itself, so that its last output is kept. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final InputStream console;
  private final ConsoleRecord record;
  private final @Nullable RawLog log;
  private final Thread thread;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<String> broken = new CompletableFuture<>();

  private ConsolePump(InputStream console, ConsoleRecord record, @Nullable RawLog log) {
    this.console = console;
    this.record = record;
    this.log = log;
    this.thread = new Thread(this::run, "console-" + record.node());
    thread.setDaemon(true);
  }

  /**
   * Starts to drain a console.
   *
   * @param log where the bytes go as well; null for nowhere
   */
  public static ConsolePump start(InputStream console, ConsoleRecord record, @Nullable RawLog log) {
    ConsolePump pump = new ConsolePump(console, record, log);
    pump.thread.start();
    return pump;
  }

  /** Completed, never exceptionally, when the console has ended and the record has all of it. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Completes, with the reason, if draining ended although the console had not. */
  public CompletableFuture<String> broken() {
    return broken;
  }

  private void run() {
    try {
      record.end(drain(), System.nanoTime());
    } catch (RuntimeException | Error e) {
      broken.complete("the thread " + thread.getName() + " ended with " + e);
    } finally {
      ended.complete(null);
    }
  }

  /** Returns why the console ended. */
  private String drain() {
    try (console;
        log) {
      byte[] chunk = new byte[CHUNK];
      for (int count = console.read(chunk); count >= 0; count = console.read(chunk)) {
        take(chunk, count);
      }
    } catch (IOException e) {
      // A socket whose peer died may report a reset: that is the end as well.
      return "its console broke off (" + e.getMessage() + ")";
    }
    return "its console was closed";
  }

  private void take(byte[] chunk, int count) {
    if (log != null) {
      log.write(chunk, 0, count);
    }
    record.accept(chunk, 0, count, System.nanoTime());
  }

  /**
   * Waits for the console to end, up to half a second, and closes it if it does not; then joins the
   * thread, up to as long again. Idempotent. An interrupt ends the waiting and stays set.
   */
  @Override
  public void close() {
    try {
      if (!join()) {
        console.close();
        join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the console of " + record.node(), e);
    }
  }

  private boolean join() throws InterruptedException {
    thread.join(GRACE.toMillis());
    return !thread.isAlive();
  }

  /**
   * The file that takes every byte a node prints, as it is.
   *
   * <p>Each chunk is written when it arrives, unbuffered: a chunk is as much as one read from the
   * console gave, so there are no more writes than reads, and nothing is lost if this process is
   * killed. When writing fails, most likely on a full disk, that is told once, the file is closed
   * as it is, and the guest runs on. Used by one thread at a time.
   */
  public static final class RawLog implements AutoCloseable {

    private final String node;
    private final Path file;
    private final Consumer<String> warnings;
    private @Nullable OutputStream out;

    private RawLog(String node, Path file, OutputStream out, Consumer<String> warnings) {
      this.node = node;
      this.file = file;
      this.out = out;
      this.warnings = warnings;
    }

    /**
     * Creates the file, or empties it if it exists.
     *
     * @param warnings is told, at most once, if the file cannot be written on; by the writing
     *     thread
     * @throws IOException when the file cannot be created
     */
    public static RawLog open(String node, Path file, Consumer<String> warnings)
        throws IOException {
      return new RawLog(node, file, Files.newOutputStream(file), warnings);
    }

    /**
     * Writes on at the end of the file, or creates it.
     *
     * @param warnings see {@link #open}
     * @throws IOException when the file cannot be written
     */
    public static RawLog append(String node, Path file, Consumer<String> warnings)
        throws IOException {
      OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return new RawLog(node, file, out, warnings);
    }

    void write(byte[] bytes, int from, int count) {
      if (out == null) {
        return;
      }
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        giveUp(e);
      }
    }

    private void giveUp(IOException failure) {
      close();
      warnings.accept(
          "cannot write on "
              + file
              + ", the console log of "
              + node
              + ": "
              + reason(failure)
              + ". The log ends there; everything else goes on. Free some space, or give the logs"
              + " another place.");
    }

    private static String reason(IOException failure) {
      String message = failure.getMessage();
      return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** Closes the file. Idempotent. */
    @Override
    public void close() {
      OutputStream closing = out;
      out = null;
      if (closing != null) {
        try {
          closing.close();
        } catch (IOException e) {
          giveUp(e);
        }
      }
    }
  }
}
