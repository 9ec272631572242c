package dev.topology.bench;

import dev.topology.model.BitRate;
import dev.topology.model.Cable.Shaper;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import dev.topology.posix.Datagrams;
import dev.topology.posix.Poll;
import dev.topology.posix.SocketPair;
import dev.topology.run.cable.CableShaper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The shaper without guests: generators at its ends, and how true it is to what it is told. */
final class ShaperAlone {

  private static final int FRAME = 1514;
  private static final int PINGS = 4000;
  private static final long SECOND = 1_000_000_000L;

  private ShaperAlone() {}

  static List<Row> measure() throws Exception {
    return List.of(
        new Row(
            "the shaper alone, a generator and a sink at its ends, frames a second",
            "",
            "%,.0f of 60 bytes, %,.0f of 1514 bytes (without a shaper %,.0f and %,.0f)"
                .formatted(
                    framesPerSecond(60, true),
                    framesPerSecond(FRAME, true),
                    framesPerSecond(60, false),
                    framesPerSecond(FRAME, false))),
        new Row(
            "round trip that the shaper adds to two bare sockets, median",
            "0.1 ms",
            "%.3f ms (%.3f against %.3f)".formatted(addedRoundTrip())),
        rate(10),
        rate(100),
        new Row("`delay: 20ms`, one way, with a frame each millisecond", "20 ± 1 ms", delay()),
        new Row("`loss: 1%` of 500,000 frames", "1 %", loss()));
  }

  private static CableShaper shaper(Shaping shaping, SocketPair left, SocketPair right)
      throws IOException {
    CableShaper shaper =
        CableShaper.of("bench", new Shaper(shaping, 1), left.near(), right.near());
    shaper.start();
    return shaper;
  }

  /** Frames that arrive in five seconds from a generator that sends as fast as it may. */
  private static double framesPerSecond(int length, boolean shaped) throws Exception {
    try (SocketPair left = SocketPair.datagram();
        SocketPair right = SocketPair.datagram();
        CableShaper shaper = shaped ? shaper(Shaping.NONE, left, right) : null;
        FramePort source = new FramePort(left.far());
        FramePort sink = new FramePort(shaped ? right.far() : left.near())) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicLong arrived = new AtomicLong();
      Thread receiver = drain(sink, over, arrived);
      long start = System.nanoTime();
      while (System.nanoTime() - start < 5 * SECOND) {
        source.send(32, length);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      over.set(true);
      sink.wake();
      receiver.join();
      return arrived.get() / seconds;
    }
  }

  private static Thread drain(FramePort sink, AtomicBoolean over, AtomicLong arrived) {
    Thread receiver =
        new Thread(
            () -> {
              try {
                while (!over.get()) {
                  arrived.addAndGet(sink.receive(SECOND));
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    receiver.start();
    return receiver;
  }

  private static Object[] addedRoundTrip() throws Exception {
    Samples plain = new Samples();
    Samples shaped = new Samples();
    for (int round = 0; round < 4; round++) {
      pingPong(plain, false);
      pingPong(shaped, true);
    }
    return new Object[] {shaped.median() - plain.median(), shaped.median(), plain.median()};
  }

  private static void pingPong(Samples samples, boolean shaped) throws Exception {
    try (SocketPair left = SocketPair.datagram();
        SocketPair right = SocketPair.datagram();
        CableShaper shaper = shaped ? shaper(Shaping.NONE, left, right) : null;
        FramePort near = new FramePort(left.far());
        FramePort far = new FramePort(shaped ? right.far() : left.near())) {
      AtomicBoolean over = new AtomicBoolean();
      Thread echo =
          new Thread(
              () -> {
                try {
                  while (!over.get()) {
                    int count = far.receive(SECOND);
                    if (count > 0) {
                      far.send(count, 64);
                    }
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      echo.start();
      for (int i = 0; i < PINGS; i++) {
        long start = System.nanoTime();
        near.send(1, 64);
        while (near.receive(SECOND) == 0) {}
        if (i > PINGS / 4) {
          samples.addSince(start);
        }
      }
      over.set(true);
      far.wake();
      echo.join();
    }
  }

  /** What comes through in four seconds, once the first tenth of a second has filled the queue. */
  private static Row rate(int megabits) throws Exception {
    Shaping shaping = Shaping.NONE.withRate(BitRate.ofMegabits(megabits));
    try (SocketPair left = SocketPair.datagram();
        SocketPair right = SocketPair.datagram();
        CableShaper shaper = shaper(shaping, left, right);
        FramePort source = new FramePort(left.far());
        FramePort sink = new FramePort(right.far())) {
      AtomicBoolean over = new AtomicBoolean();
      Thread generator = generate(source, over, Datagrams.CAPACITY / 8);
      long bytes = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < 4 * SECOND + SECOND / 10) {
        int count = sink.receive(SECOND);
        if (System.nanoTime() - start >= SECOND / 10 && count > 0) {
          bytes += sink.bytes();
        }
      }
      double measured = bytes * 8 / 4e6;
      over.set(true);
      generator.join();
      return new Row(
          "`rate: " + megabits + "Mbit` under a load of more, over 4 s",
          megabits + " Mbit/s ± 3 %",
          "%.2f Mbit/s".formatted(measured));
    }
  }

  /** Sends more than the rate lets through, yet leaves the others some of the processor. */
  private static Thread generate(FramePort source, AtomicBoolean over, int burst) {
    Thread generator =
        new Thread(
            () -> {
              try (Poll clock = new Poll(List.of())) {
                while (!over.get()) {
                  source.send(burst, FRAME);
                  clock.await(SECOND / 2000);
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    generator.start();
    return generator;
  }

  private static String delay() throws Exception {
    Shaping shaping = Shaping.NONE.withDelay(Duration.ofMillis(20));
    try (SocketPair left = SocketPair.datagram();
        SocketPair right = SocketPair.datagram();
        CableShaper shaper = shaper(shaping, left, right);
        FramePort source = new FramePort(left.far());
        FramePort sink = new FramePort(right.far())) {
      Samples samples = new Samples();
      Thread generator =
          new Thread(
              () -> {
                try (Poll clock = new Poll(List.of())) {
                  for (int i = 0; i < PINGS; i++) {
                    source.send(1, FRAME);
                    clock.await(SECOND / 1000);
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      generator.start();
      for (int arrived = 0; arrived < PINGS; ) {
        int count = sink.receive(SECOND);
        for (int at = 0; at < count; at++) {
          samples.addSince(sink.sentAt(at));
        }
        arrived += count;
      }
      generator.join();
      return "%.3f ms (99 of 100 below %.3f ms)".formatted(samples.median(), samples.percentile(99));
    }
  }

  private static String loss() throws Exception {
    Shaping shaping = Shaping.NONE.withLoss(Share.ofPercent(1));
    int frames = 500_000;
    try (SocketPair left = SocketPair.datagram();
        SocketPair right = SocketPair.datagram();
        CableShaper shaper = shaper(shaping, left, right);
        FramePort source = new FramePort(left.far());
        FramePort sink = new FramePort(right.far())) {
      AtomicBoolean over = new AtomicBoolean();
      Thread receiver = drain(sink, over, new AtomicLong());
      for (int sent = 0; sent < frames; sent += 50) {
        source.send(50, 60);
      }
      while (shaper.counters().leftToRight().frames() < frames) {
        Thread.onSpinWait();
      }
      over.set(true);
      sink.wake();
      receiver.join();
      double lost = shaper.counters().leftToRight().lost();
      return "%.3f %%".formatted(100 * lost / frames);
    }
  }
}
