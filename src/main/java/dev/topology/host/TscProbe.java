package dev.topology.host;

import dev.topology.host.TscProbe.Rate.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds out how fast the time stamp counter counts.
 *
 * <p>Linux under TCG has to be told ({@code tsc_early_khz=}): it cannot calibrate the counter
 * itself there, and a wrong rate makes its clock run wrong. The host's kernel knows the rate but
 * does not tell it, and the processor's frequency is not the counter's where it varies. But an
 * emulated machine has both the host's counter and a timer that follows the host's clock, so a
 * guest that reads both tells their ratio, to a few parts in a million, in a fifth of a second.
 */
final class TscProbe {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String MACHINE = "accel=tcg,pit=on,pic=on";

  private final ProbeCache cache;

  TscProbe(ProbeCache cache) {
    this.cache = cache;
  }

  /**
   * Answers from the cache, or within a second as a rule and ten at most. Empty if neither
   * measuring nor the host tells.
   */
  Optional<Rate> probe(Path qemu) throws InterruptedException {
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

  private static OptionalLong measure(Path qemu) throws InterruptedException {
    try {
      ProbeRun.Result result = new ProbeRun(qemu, LIMIT).run(ProbeGuest.CLOCK, MACHINE, "max");
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
}
