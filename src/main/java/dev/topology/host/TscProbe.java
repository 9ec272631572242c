package dev.topology.host;

import dev.topology.host.ProbeRun.ProbeGuest;
import dev.topology.host.TscProbe.Rate.Origin;
import dev.topology.model.Accelerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds out how fast the time stamp counter counts.
 *
 * <p>Linux under TCG has to be told ({@code tsc_early_khz=}): it cannot calibrate the counter
 * itself there, and a wrong rate makes its clock run wrong. The host's kernel does not tell the
 * rate, and a processor's frequency may vary while the counter's does not. But an emulated machine
 * has both the host's counter and a timer that follows the host's clock, so a guest that reads both
 * tells their ratio, to a few parts in a million, in a fifth of a second.
 */
final class TscProbe {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ProbeCache cache;

  TscProbe(ProbeCache cache) {
    this.cache = cache;
  }

  /**
   * Answers from the cache, or within a second as a rule and ten at most. Empty if neither
   * measuring nor the host tells.
   *
   * @param qemu of amd64 guests, whatever the host is
   */
  Optional<Rate> probe(Qemu qemu) throws InterruptedException {
    Optional<ProbeCache.Key> key = new ProbeCache.Key("tsc", List.of()).inThisBoot();
    Optional<Rate> known = key.flatMap(cache::read).flatMap(TscProbe::read);
    if (known.isPresent()) {
      return known;
    }
    OptionalLong measured = measure(qemu);
    if (measured.isEmpty()) {
      return fromCpuFrequency();
    }
    String khz = Long.toString(measured.getAsLong());
    key.ifPresent(it -> cache.write(it, List.of(khz)));
    return Optional.of(new Rate(measured.getAsLong(), Origin.MEASURED));
  }

  private static OptionalLong measure(Qemu qemu) throws InterruptedException {
    try {
      ProbeRun.Result result = new ProbeRun(qemu, LIMIT).run(ProbeGuest.CLOCK, Accelerator.TCG);
      return result.finished() ? ClockSamples.rate(result.written()) : OptionalLong.empty();
    } catch (IOException notRun) {
      // The frequency is used instead; the origin of the rate says so.
      return OptionalLong.empty();
    }
  }

  private static Optional<Rate> fromCpuFrequency() {
    return HostResources.cpuInfo("cpu MHz")
        .filter(mhz -> mhz.matches("\\d{2,6}(\\.\\d+)?"))
        .map(mhz -> new Rate(Math.round(Double.parseDouble(mhz) * 1000), Origin.CPU_FREQUENCY));
  }

  private static Optional<Rate> read(List<String> lines) {
    return lines.size() == 1 && lines.get(0).matches("[1-9]\\d{3,9}")
        ? Optional.of(new Rate(Long.parseLong(lines.get(0)), Origin.MEASURED))
        : Optional.empty();
  }

  /**
   * How fast the host's time stamp counter counts, which under TCG is also how fast a guest's does.
   *
   * @param khz in kHz, more than 0
   * @param origin how it was found out
   */
  record Rate(long khz, Origin origin) {

    Rate {
      if (khz <= 0) {
        throw new IllegalArgumentException("a counter that stands still: " + khz + " kHz");
      }
    }

    /** How it was found out, from good to poor. */
    enum Origin {
      /**
       * Timed against the i8254 timer of an emulated machine: right to a few parts in a million.
       */
      MEASURED,
      /**
       * The processor's frequency as /proc/cpuinfo has it, because the measurement failed. Where
       * the frequency changes with the load that is not the counter's, and guests' clocks run
       * wrong.
       */
      CPU_FREQUENCY
    }
  }

  /**
   * The samples that {@link ProbeGuest#CLOCK} took, and the rate of the time stamp counter that
   * follows from them.
   *
   * <p>Both clocks wrap around: the counter's low half every second or so, the timer every 55 ms.
   * Samples are some 15 µs apart, so the steps between neighbours add up to a time line, unless the
   * host made QEMU pause for longer than the timer takes to wrap around. Such a pause shows in the
   * counter. The time line is cut there, and its longest piece is used.
   */
  static final class ClockSamples {

    /** Of the i8254, in Hz: a third of the NTSC colour carrier's. */
    private static final double TIMER_RATE = 1_193_182;

    private static final int TIMER_MASK = 0xFFFF;

    /** Half a round: a longer pause is not trusted. */
    private static final double LONGEST_STEP_TICKS = 0x8000;

    /** 10 ms: in a shorter piece, an error of one tick is too much. */
    private static final double SHORTEST_PIECE_TICKS = TIMER_RATE / 100;

    private ClockSamples() {}

    /** The counter's rate in kHz; empty if the samples do not tell. */
    static OptionalLong rate(ByteBuffer written) {
      List<Sample> samples = read(written);
      double roughly = roughCountsPerTick(samples);
      List<Point> points = narrowest(longestPiece(samples, roughly * LONGEST_STEP_TICKS));
      if (points.size() < 2 || span(points) < SHORTEST_PIECE_TICKS) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(Math.round(slope(points) * TIMER_RATE / 1000));
    }

    private static List<Sample> read(ByteBuffer written) {
      ByteBuffer bytes = written.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      List<Sample> samples = new ArrayList<>();
      while (bytes.remaining() >= ProbeGuest.SAMPLE_BYTES) {
        samples.add(new Sample(bytes.getInt(), bytes.getInt(), bytes.getShort() & TIMER_MASK));
      }
      return samples;
    }

    /** The median over all neighbours: no pause can spoil it, and it need only be about right. */
    private static double roughCountsPerTick(List<Sample> samples) {
      double[] rates = new double[Math.max(0, samples.size() - 1)];
      for (int i = 0; i < rates.length; i++) {
        Sample next = samples.get(i + 1);
        rates[i] = next.countsSince(samples.get(i)) / Math.max(1, next.ticksSince(samples.get(i)));
      }
      Arrays.sort(rates);
      return rates.length == 0 ? 0 : rates[rates.length / 2];
    }

    private static List<Point> longestPiece(List<Sample> samples, double longestStep) {
      List<Point> longest = List.of();
      List<Point> piece = new ArrayList<>();
      for (int i = 0; i < samples.size(); i++) {
        Sample sample = samples.get(i);
        if (i == 0 || sample.countsSince(samples.get(i - 1)) > longestStep) {
          piece = new ArrayList<>(List.of(new Point(0, 0, sample.width())));
        } else {
          piece.add(piece.get(piece.size() - 1).next(samples.get(i - 1), sample));
        }
        longest = span(piece) > span(longest) ? piece : longest;
      }
      return longest;
    }

    private static double span(List<Point> points) {
      return points.isEmpty() ? 0 : points.get(points.size() - 1).ticks() - points.get(0).ticks();
    }

    /** The quarter of the samples that were taken fastest, in order: the rest were interrupted. */
    private static List<Point> narrowest(List<Point> points) {
      return points.stream()
          .sorted(Comparator.comparingDouble(Point::width))
          .limit(points.size() / 4)
          .sorted(Comparator.comparingDouble(Point::ticks))
          .toList();
    }

    /** The slope of the least-squares line, in counts per tick. */
    private static double slope(List<Point> points) {
      double meanTicks = points.stream().mapToDouble(Point::ticks).average().orElseThrow();
      double meanCounts = points.stream().mapToDouble(Point::middle).average().orElseThrow();
      double product = 0;
      double square = 0;
      for (Point point : points) {
        double ticks = point.ticks() - meanTicks;
        product += ticks * (point.middle() - meanCounts);
        square += ticks * ticks;
      }
      return product / square;
    }

    /** As the guest took it: the counter before and after the timer was latched, and the timer. */
    private record Sample(int before, int after, int timer) {

      double countsSince(Sample earlier) {
        return Integer.toUnsignedLong(before - earlier.before);
      }

      /** The timer counts down. */
      int ticksSince(Sample earlier) {
        return (earlier.timer - timer) & TIMER_MASK;
      }

      double width() {
        return Integer.toUnsignedLong(after - before);
      }
    }

    /** A sample on the time line that starts at the first of its piece. */
    private record Point(double ticks, double counts, double width) {

      Point next(Sample here, Sample next) {
        return new Point(
            ticks + next.ticksSince(here), counts + next.countsSince(here), next.width());
      }

      double middle() {
        return counts + width / 2;
      }
    }
  }
}
