package dev.topology.language.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapingChangeTest {

  private static final Shaping BEFORE =
      Shaping.NONE
          .withDelay(Duration.ofMillis(20), Duration.ofMillis(5))
          .withLoss(Share.ofPercent(1))
          .withRate(BitRate.ofMegabits(10))
          .withQueue(Memory.ofMebibytes(1));

  @Test
  void changesWhatItNames() {
    Shaping after = change("delay=30ms", "rate=500kbit", "duplicate=0.5%").applyTo(BEFORE);

    assertThat(after)
        .isEqualTo(
            BEFORE
                .withDelay(Duration.ofMillis(30), Duration.ofMillis(5))
                .withRate(new BitRate(500_000))
                .withDuplicate(Share.ofPercent(0.5)));
  }

  @Test
  void takesLimitsAway() {
    assertThat(change("rate=none", "queue=none", "loss=0%", "delay=0ms").applyTo(BEFORE))
        .isEqualTo(Shaping.NONE);
  }

  @Test
  void changesNothingIfItNamesNothing() {
    assertThat(change().applyTo(BEFORE)).isEqualTo(BEFORE);
  }

  @Test
  void jitterNeedsItsDelay() {
    assertThatThrownBy(() -> change("jitter=21ms").applyTo(BEFORE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a jitter is at most as long as the delay: 21ms, 20ms");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delay         | 'delay' is not of the form KEY=VALUE, such as delay=20ms",
        "delya=20ms    | a shaper has no 'delya': did you mean 'delay'?",
        "latency=20ms  | a shaper has no 'latency': did you mean 'delay'?",
        "capture=x     | a shaper has no 'capture': there are delay, jitter, loss, duplicate,"
            + " corrupt, reorder, rate, queue",
        "delay=20      | delay: '20' is not a span of time: did you mean '20ms'?",
        "rate=10M      | rate: '10M' is not a number of bits a second: did you mean '10Mbit'?",
        "loss=none     | loss: 'none' is not a share of the frames: such as 0.5%",
      },
      quoteCharacter = '`')
  void saysWhatIsWrong(String assignment, String message) {
    assertThatThrownBy(() -> change(assignment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message.replace('\'', '"'));
  }

  private static ShapingChange change(String... assignments) {
    return ShapingChange.parse(List.of(assignments));
  }
}
