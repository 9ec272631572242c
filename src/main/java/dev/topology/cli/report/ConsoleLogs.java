package dev.topology.cli.report;

import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.Terminal.LostReader;
import dev.topology.console.ConsoleRecord;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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

  private void add(String node, Path file) {
    logs.put(file, new Log(node, file));
    lines.expect(logs.values().stream().map(log -> log.record.node()).toList());
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
   * @param newcomers gives the node of a file that appears beside the logs, if it is to be shown
   * @throws LostReader if the reader of the output has gone
   */
  public void follow(CompletableFuture<?> end, Function<Path, Optional<String>> newcomers)
      throws IOException, InterruptedException {
    try (GrowingFiles files = GrowingFiles.watched(logs.keySet())) {
      var unused = end.whenComplete((over, failure) -> close(files));
      readAll();
      for (Set<Path> grown = files.await(); !grown.isEmpty(); grown = files.await()) {
        for (Path file : grown) {
          if (!logs.containsKey(file)) {
            newcomers.apply(file).ifPresent(node -> add(node, file));
          }
          Log log = logs.get(file);
          if (log != null) {
            log.read();
          }
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

  /**
   * Watches files to which other processes append (inotify(7)). A reader sees each line as soon as
   * it is written, and the lines of several files in the order in which they were written.
   */
  private static final class GrowingFiles implements AutoCloseable {

    private final Set<Path> files;
    private final WatchService watch;

    private GrowingFiles(Set<Path> files, WatchService watch) {
      this.files = files;
      this.watch = watch;
    }

    /**
     * Watches from now on.
     *
     * @param files need not exist yet; their directories have to
     * @throws LaunchException if this user may watch no more
     */
    static GrowingFiles watched(Collection<Path> files) throws IOException {
      try {
        return watched(files, FileSystems.getDefault().newWatchService());
      } catch (IOException e) {
        throw new LaunchException(
            "cannot watch " + files.iterator().next().getParent() + ": " + e.getMessage(),
            "sysctl fs.inotify shows how much this user may watch, and raises it",
            e);
      }
    }

    private static GrowingFiles watched(Collection<Path> files, WatchService watch)
        throws IOException {
      GrowingFiles growing = new GrowingFiles(new LinkedHashSet<>(files), watch);
      try {
        for (Path directory : new LinkedHashSet<>(files.stream().map(Path::getParent).toList())) {
          directory.register(
              watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        }
        return growing;
      } catch (IOException e) {
        growing.close();
        throw e;
      }
    }

    /**
     * Waits until some have grown, or other files of their directories.
     *
     * @return those, in the order in which they have; empty once this is closed
     */
    Set<Path> await() throws InterruptedException {
      Set<Path> grown = new LinkedHashSet<>();
      try {
        while (grown.isEmpty()) {
          WatchKey key = watch.take();
          for (WatchEvent<?> event : key.pollEvents()) {
            grown.addAll(grown(event, key));
          }
          key.reset();
        }
      } catch (ClosedWatchServiceException closed) {
        return Set.of();
      }
      return grown;
    }

    private Collection<Path> grown(WatchEvent<?> event, WatchKey key) {
      if (!(event.context() instanceof Path name)) {
        // Overflow: events were lost, so any file may have grown.
        return files;
      }
      return List.of(((Path) key.watchable()).resolve(name));
    }

    /** Ends every wait. Idempotent. */
    @Override
    public void close() throws IOException {
      watch.close();
    }
  }
}
