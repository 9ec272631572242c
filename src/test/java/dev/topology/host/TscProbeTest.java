package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.host.TscProbe.ClockSamples;
import dev.topology.model.Architecture;
import dev.topology.testing.TestHost;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TscProbeTest {

  private static final double TICKS_PER_MILLI = 1193.182;

  private final ByteBuffer samples = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final Random random = new Random(1);

  private double millis = 1;

  @ParameterizedTest
  @ValueSource(longs = {24_000, 1_000_000, 2_596_124, 6_200_000})
  void findsTheRateThroughNoiseAndWraps(long khz) {
    take(3000, khz);

    assertRate(khz);
  }

  @Test
  void isNotMisledByAPauseInWhichTheTimerCameRound() {
    take(1000, 3_000_000);
    millis += 140;
    take(2000, 3_000_000);

    assertRate(3_000_000);
  }

  @Test
  void isNotMisledByAPauseShorterThanTheTimersRound() {
    take(1500, 3_000_000);
    millis += 20;
    take(1500, 3_000_000);

    assertRate(3_000_000);
  }

  @Test
  void tellsNothingFromTooFewSamples() {
    assertThat(ClockSamples.rate(written())).isEmpty();
    take(1, 3_000_000);
    assertThat(ClockSamples.rate(written())).isEmpty();
    take(300, 3_000_000);
    assertThat(ClockSamples.rate(written())).isEmpty();
  }

  @Test
  void tellsNothingFromPausesOnly() {
    for (int i = 0; i < 50; i++) {
      take(10, 3_000_000);
      millis += 100;
    }

    assertThat(ClockSamples.rate(written())).isEmpty();
  }

  @Test
  void agreesWithItselfOnThisMachine() throws Exception {
    TscProbe probe = new TscProbe(new ProbeCache(TestHost.qemu().resolve("no/cache")));

    TscProbe.Rate first = probe.probe(TestHost.qemu(Architecture.AMD64)).orElseThrow();
    TscProbe.Rate second = probe.probe(TestHost.qemu(Architecture.AMD64)).orElseThrow();

    assertThat(first.origin()).isEqualTo(TscProbe.Rate.Origin.MEASURED);
    assertThat(second.khz()).isCloseTo(first.khz(), Percentage.withPercentage(0.05));
  }

  /** Samples 15 to 20 µs apart, one in twenty with an interruption in its middle. */
  private void take(int count, long khz) {
    for (int i = 0; i < count; i++) {
      double before = millis;
      double latched = before + 0.0001;
      double after = latched + (random.nextInt(20) == 0 ? 0.3 : 0.0001);
      samples.putInt((int) (long) (before * khz));
      samples.putInt((int) (long) (after * khz));
      samples.putShort((short) -(long) (latched * TICKS_PER_MILLI));
      millis = after + 0.015 + random.nextDouble() * 0.005;
    }
  }

  private void assertRate(long khz) {
    long rate = ClockSamples.rate(written()).orElseThrow();
    assertThat(rate).isCloseTo(khz, Percentage.withPercentage(0.005));
  }

  private ByteBuffer written() {
    return samples.duplicate().flip();
  }
}
