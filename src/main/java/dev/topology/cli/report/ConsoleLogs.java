package dev.topology.cli.report;

import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.Terminal.LostReader;
import dev.topology.console.ConsoleRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The console logs of nodes as lines, from the start on and as they grow. Not thread-safe. */
public final class ConsoleLogs implements AutoCloseable {

  private static final int CHUNK = 64 * 1024;

  private final Terminal terminal;
  private final NodeLines lines;
  private final Map<Path, Log> logs = new LinkedHashMap<>();
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);

  public ConsoleLogs(Map<String, Path> files, Terminal terminal) {
    this.terminal = terminal;
    this.lines = new NodeLines(terminal, List.copyOf(files.keySet()));
    files.forEach((node, file) -> logs.put(file, new Log(node, file)));
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
        terminal.requireReader();
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
   * Shows all there is.
   *
   * @throws LostReader if the reader of the output has gone
   */
  public void show() throws IOException {
    readAll();
    end();
  }

  /**
   * Shows all there is, and what is printed from then on, until nothing more will come.
   *
   * @param end completes when it is so; in whatever thread
   * @throws LostReader if the reader of the output has gone
   */
  public void follow(CompletableFuture<?> end) throws IOException, InterruptedException {
    try (GrowingFiles files = GrowingFiles.watched(logs.keySet())) {
      var unused = end.whenComplete((over, failure) -> close(files));
      readAll();
      for (Set<Path> grown = files.await(); !grown.isEmpty(); grown = files.await()) {
        for (Path file : grown) {
          Objects.requireNonNull(logs.get(file)).read();
        }
        terminal.requireReader();
      }
    }
    readAll();
    end();
  }

  private static void close(GrowingFiles files) {
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readAll() throws IOException {
    for (Log log : logs.values()) {
      log.read();
    }
    terminal.requireReader();
  }

  private void end() {
    logs.values().forEach(log -> log.record.end("that is all", System.nanoTime()));
  }

  @Override
  public void close() throws IOException {
    for (Log log : logs.values()) {
      if (log.channel != null) {
        log.channel.close();
      }
    }
  }
}
