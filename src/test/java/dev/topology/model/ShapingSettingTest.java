package dev.topology.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShapingSettingTest {

  private static final Shaping ALL =
      Shaping.NONE
          .withDelay(Duration.ofMillis(20), Duration.ofMillis(2))
          .withLoss(Share.ofPercent(1.5))
          .withRate(BitRate.ofMegabits(10))
          .withQueue(Memory.ofMebibytes(1));

  @Test
  void hasEachValueAsANumberInItsUnit() {
    assertThat(ShapingSetting.DELAY.numberName()).isEqualTo("delayMillis");
    assertThat(ShapingSetting.DELAY.numberOf(ALL)).hasValue(20.0);
    assertThat(ShapingSetting.JITTER.numberOf(ALL)).hasValue(2.0);
    assertThat(ShapingSetting.LOSS.numberName()).isEqualTo("lossPercent");
    assertThat(ShapingSetting.LOSS.numberOf(ALL)).hasValue(1.5);
    assertThat(ShapingSetting.RATE.numberName()).isEqualTo("rateBitsPerSecond");
    assertThat(ShapingSetting.RATE.numberOf(ALL)).hasValue(10_000_000L);
    assertThat(ShapingSetting.QUEUE.numberName()).isEqualTo("queueBytes");
    assertThat(ShapingSetting.QUEUE.numberOf(ALL)).hasValue(1024L * 1024);
    assertThat(ShapingSetting.CORRUPT.numberOf(ALL)).isEmpty();
  }

  @Test
  void takesAwayOneOfTheTwoThatCanBeNone() {
    assertThat(ShapingSetting.RATE.remove(ALL)).isEqualTo(ALL.withoutRate());
    assertThat(ShapingSetting.QUEUE.remove(ALL)).isEqualTo(ALL.withoutQueue());
  }

  @Test
  void keepsAJitterThatIsNoLongerThanTheDelay() {
    Duration jitter = ALL.jitter();

    assertThat(ShapingSetting.DELAY.set(ALL, jitter).jitter()).isEqualTo(jitter);
    assertThat(ShapingSetting.DELAY.set(ALL, jitter.minusNanos(1)).jitter()).isZero();
    assertThat(ALL.withDelay(Duration.ofMillis(5)).jitter()).isZero();
  }

  @Test
  void tellsHowLikelyAShareIs() {
    assertThat(Share.ofPercent(25).probability()).isEqualTo(0.25, within(1e-12));
  }
}
