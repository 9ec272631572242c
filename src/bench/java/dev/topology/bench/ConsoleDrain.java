package dev.topology.bench;

import dev.topology.console.ConsolePump;
import dev.topology.console.ConsoleRecord;
import dev.topology.console.Expectation;
import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Mark;
import dev.topology.console.ConsolePump.RawLog;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import dev.topology.posix.Spawn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * How fast console output is drained while a wait that is in vain looks through it, next to {@code
 * cat >/dev/null} on the same kind of socket. A node is played by another {@code cat}, which prints
 * faster than any guest.
 */
final class ConsoleDrain {

  private static final int WARM_UP = 4;
  private static final int REPETITIONS = 11;
  private static final int MEGABYTES = 100;
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final Path SHELL = Path.of("/bin/sh");
  private static final Path CAT = Path.of("/bin/cat");

  /** Told apart early as well as late: its last byte is a common one. */
  private static final Expectation IN_VAIN = Expectation.text("is never printed by a node");

  private final Path output;
  private final Path directory;

  private ConsoleDrain(Path directory) throws IOException {
    this.directory = directory;
    this.output = print(directory.resolve("output"));
  }

  /** As a guest prints it: lines of all lengths that end in CR LF, some in colour, some UTF-8. */
  private static Path print(Path file) throws IOException {
    long left = (long) (MEGABYTES * BYTES_PER_MEGABYTE);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; left > 0; i++) {
        byte[] block = block(i).getBytes(StandardCharsets.UTF_8);
        out.write(block, 0, (int) Math.min(left, block.length));
        left -= block.length;
      }
    }
    return file;
  }

  private static String block(int number) {
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      block.append("[%5d.%06d] ".formatted(number, i * 997));
      block.append(
          switch (i % 20) {
            case 0 -> "\u001b[32mok\u001b[0m: the service was started";
            case 1 -> "64 bytes from 10.64.0.1: seq=" + i + " ttl=64 time=0.412 ms";
            case 2 -> "größer als 7 µs";
            default -> "virtio_net virtio" + i + ": " + "a message of the kernel ".repeat(i % 4);
          });
      block.append("\r\n");
    }
    return block.toString();
  }

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    try {
      ConsoleDrain drain = new ConsoleDrain(directory);
      return List.of(
          drain.row(1, false), drain.row(8, false), drain.row(1, true), drain.row(8, true));
    } finally {
      for (Path file : Files.list(directory).toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    }
  }

  private Row row(int nodes, boolean logged) throws Exception {
    Samples consoles = new Samples();
    Samples cats = new Samples();
    for (int i = -WARM_UP; i < REPETITIONS; i++) {
      consoles(nodes, logged, i < 0 ? new Samples() : consoles);
      cats(nodes, logged, i < 0 ? new Samples() : cats);
    }
    return new Row(
        "draining %d MB of console output from %s%s, with a wait that is in vain, against `cat >%s`"
            .formatted(
                MEGABYTES,
                nodes == 1 ? "1 node" : "each of " + nodes + " nodes",
                logged ? " into log files" : "",
                logged ? "FILE" : "/dev/null"),
        "0.50",
        "%.2f (%.0f MB/s against %.0f MB/s)"
            .formatted(
                cats.median() / consoles.median(), rate(nodes, consoles), rate(nodes, cats)));
  }

  private static double rate(int nodes, Samples samples) {
    return nodes * MEGABYTES / (samples.median() / 1000);
  }

  private void consoles(int nodes, boolean logged, Samples samples) throws Exception {
    List<SocketPair> pairs = pairs(nodes);
    List<ConsolePump> pumps = new ArrayList<>();
    List<CompletableFuture<?>> waits = new ArrayList<>();
    for (SocketPair pair : pairs) {
      ConsoleRecord record = new ConsoleRecord("n" + pumps.size());
      waits.add(record.find(IN_VAIN, Mark.START));
      RawLog log = logged ? log(record.node()) : null;
      pumps.add(ConsolePump.start(new SocketStream(pair.near()).input(), record, log));
    }
    long start = System.nanoTime();
    List<ChildProcess> printers = printers(pairs);
    pumps.forEach(pump -> pump.ended().join());
    samples.addSince(start);
    waits.forEach(ConsoleDrain::requireVain);
    pumps.forEach(ConsolePump::close);
    printers.forEach(printer -> printer.exit().join());
  }

  private RawLog log(String node) throws IOException {
    return RawLog.open(
        node,
        file(node),
        warning -> {
          throw new IllegalStateException(warning);
        });
  }

  private Path file(String node) {
    return directory.resolve(node + ".console");
  }

  private static void requireVain(CompletableFuture<?> wait) {
    try {
      throw new IllegalStateException("found " + wait.join());
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof ExpectationException)) {
        throw e;
      }
    }
  }

  private void cats(int nodes, boolean logged, Samples samples) throws Exception {
    List<SocketPair> pairs = pairs(nodes);
    List<ChildProcess> readers = new ArrayList<>();
    for (SocketPair pair : pairs) {
      String sink = logged ? file("n" + readers.size()).toString() : "/dev/null";
      readers.add(
          Spawn.of(SHELL)
              .arguments("-c", "exec cat >\"$0\"", sink)
              .input(pair.near())
              .start());
      pair.near().close();
    }
    long start = System.nanoTime();
    List<ChildProcess> printers = printers(pairs);
    readers.forEach(reader -> reader.exit().join());
    samples.addSince(start);
    printers.forEach(printer -> printer.exit().join());
  }

  private static List<SocketPair> pairs(int nodes) throws IOException {
    List<SocketPair> pairs = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      pairs.add(SocketPair.bufferedStream());
    }
    return pairs;
  }

  private List<ChildProcess> printers(List<SocketPair> pairs) throws IOException {
    List<ChildProcess> printers = new ArrayList<>();
    for (SocketPair pair : pairs) {
      printers.add(Spawn.of(CAT).arguments(output.toString()).output(pair.far()).start());
      pair.far().close();
    }
    return printers;
  }
}
