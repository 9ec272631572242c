package dev.topology.bench;

import dev.topology.console.ConsolePump;
import dev.topology.console.ConsoleRecord;
import dev.topology.console.Expectation;
import dev.topology.console.Mark;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;

/** From a guest's output reaching the console's socket to a waiting {@code expect} returning. */
final class ExpectLatency {

  private static final int WARM_UP = 500;
  private static final int REPETITIONS = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private ExpectLatency() {}

  static List<Row> measure() throws Exception {
    ConsoleRecord record = new ConsoleRecord("n1");
    SynchronousQueue<Long> returned = new SynchronousQueue<>();
    Samples samples = new Samples();
    try (SocketPair pair = SocketPair.bufferedStream();
        SocketStream guest = new SocketStream(pair.far());
        ConsolePump pump =
            ConsolePump.start(new SocketStream(pair.near()).input(), record, null)) {
      for (int i = -WARM_UP; i < REPETITIONS; i++) {
        Thread waiter = waiter(record, returned);
        ByteBuffer word = ByteBuffer.wrap("login: ".getBytes(StandardCharsets.UTF_8));
        long start = System.nanoTime();
        guest.write(word);
        long latency = returned.take() - start;
        waiter.join();
        if (i >= 0) {
          samples.add(latency);
        }
      }
    }
    return List.of(
        new Row(
            "from a guest's output reaching the console's socket to a waiting `expect` returning",
            "2 ms",
            "%.2f ms (99 of 100 below %.2f ms)"
                .formatted(samples.median(), samples.percentile(99))));
  }

  /** A thread that is asleep in a wait for what comes next. */
  private static Thread waiter(ConsoleRecord record, SynchronousQueue<Long> returned) {
    Mark before = record.mark();
    Thread waiter =
        new Thread(
            () -> {
              try {
                record.await(Expectation.text("login: "), before, PATIENCE);
                returned.put(System.nanoTime());
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    waiter.start();
    while (waiter.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return waiter;
  }
}
