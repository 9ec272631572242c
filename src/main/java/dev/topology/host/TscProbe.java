package dev.topology.host;

import dev.topology.host.TscRate.Origin;
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
 * does not tell, and the processor's frequency is another matter wherever it varies. But an
 * emulated machine has both the host's counter and a timer that follows the host's clock, so a
 * guest that reads both tells their ratio, to a few parts in a million, in a fifth of a second.
 */
final class TscProbe {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String MACHINE = "accel=tcg,pit=on,pic=on";

  /**
   * 4 to 15 µs apart: 60 ms at least, of which {@link ClockSamples} needs 10 without a pause. 3,000
   * of them lasted 12 ms on a fast, idle host, which was too short in one run of twenty.
   */
  private static final int SAMPLES = 15_000;

  private static final String NAME = "tsc";

  private final Remembered remembered;

  TscProbe(Remembered remembered) {
    this.remembered = remembered;
  }

  /**
   * Answers from memory, or within a second as a rule and ten at most. Empty if neither measuring
   * nor the host tells.
   */
  Optional<TscRate> probe(Path qemu) throws InterruptedException {
    Optional<List<String>> boot = Boot.circumstances();
    Optional<TscRate> known = boot.flatMap(b -> remembered.recall(NAME, b)).flatMap(TscProbe::read);
    if (known.isPresent()) {
      return known;
    }
    OptionalLong measured = measure(qemu);
    if (measured.isEmpty()) {
      return fromCpuFrequency();
    }
    String khz = Long.toString(measured.getAsLong());
    boot.ifPresent(b -> remembered.keep(NAME, b, List.of(khz)));
    return Optional.of(new TscRate(measured.getAsLong(), Origin.MEASURED));
  }

  private static OptionalLong measure(Path qemu) throws InterruptedException {
    try {
      ProbeRun.Result result =
          new ProbeRun(qemu, LIMIT).run(ProbeGuest.clock(SAMPLES), MACHINE, "max");
      return result.finished() ? ClockSamples.rate(result.written()) : OptionalLong.empty();
    } catch (IOException notRun) {
      // There is another way, and the origin of the rate tells that it was taken.
      return OptionalLong.empty();
    }
  }

  private static Optional<TscRate> fromCpuFrequency() {
    return Boot.cpuInfo("cpu MHz")
        .filter(mhz -> mhz.matches("\\d{2,6}(\\.\\d+)?"))
        .map(mhz -> new TscRate(Math.round(Double.parseDouble(mhz) * 1000), Origin.CPU_FREQUENCY));
  }

  private static Optional<TscRate> read(List<String> lines) {
    return lines.size() == 1 && lines.get(0).matches("[1-9]\\d{3,9}")
        ? Optional.of(new TscRate(Long.parseLong(lines.get(0)), Origin.MEASURED))
        : Optional.empty();
  }
}
