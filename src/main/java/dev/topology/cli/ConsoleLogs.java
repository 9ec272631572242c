package dev.topology.cli;

import dev.topology.console.ConsoleRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The console logs of nodes as lines, from the start on and as they grow. Not thread-safe. */
final class ConsoleLogs implements AutoCloseable {

  private static final int CHUNK = 64 * 1024;

  /** How long something printed may stay unread. */
  private static final long TICK_MILLIS = 50;

  private final Terminal terminal;
  private final NodeLines lines;
  private final List<Log> logs = new ArrayList<>();
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);

  ConsoleLogs(Map<String, Path> files, Terminal terminal) {
    this.terminal = terminal;
    this.lines = new NodeLines(terminal, List.copyOf(files.keySet()));
    files.forEach((node, file) -> logs.add(new Log(node, file)));
  }

  private final class Log {

    private final Path file;
    private final ConsoleRecord record;
    private @Nullable FileChannel channel;

    Log(String node, Path file) {
      this.file = file;
      this.record = new ConsoleRecord(node);
      record.addListener(line -> lines.line(node, line));
    }

    /** Shows what is new. */
    void read() throws IOException {
      if (channel == null) {
        channel = open(file);
      }
      while (channel != null && channel.read(chunk.clear()) > 0) {
        record.accept(chunk.array(), 0, chunk.position(), System.nanoTime());
        LostReader.check(terminal);
      }
      record.giveOutUnfinished(System.nanoTime());
    }
  }

  /**
   * The file, kept open so that its end can be read when it has been removed; null if not there.
   */
  private static @Nullable FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file);
    } catch (NoSuchFileException notYet) {
      return null;
    }
  }

  /**
   * Shows all there is, and goes on until nothing more will come.
   *
   * @throws LostReader if nobody reads any more
   */
  void show(CompletableFuture<?> end) throws IOException, InterruptedException {
    boolean last;
    do {
      last = isComplete(end);
      for (Log log : logs) {
        log.read();
      }
      LostReader.check(terminal);
    } while (!last);
    logs.forEach(log -> log.record.end("that is all", System.nanoTime()));
  }

  private static boolean isComplete(CompletableFuture<?> end) throws InterruptedException {
    try {
      end.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    for (Log log : logs) {
      if (log.channel != null) {
        log.channel.close();
      }
    }
  }
}
