package dev.topology.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.run.Loop.ClockWatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockWatchTest {

  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private final AtomicLong nanos = new AtomicLong(7_000_000);
  private final ClockWatch watch = new ClockWatch(millis::get, nanos::get);

  private void pass(long timeOfDay, long monotonic) {
    millis.addAndGet(timeOfDay);
    nanos.addAndGet(monotonic * 1_000_000);
  }

  @Test
  void timeThatPassesIsNoJump() {
    for (int i = 0; i < 100; i++) {
      pass(5000, 5000);
      assertThat(watch.hasJumped()).isFalse();
    }
  }

  @Test
  void aSuspendAndAClockThatIsSetAreToldOnce() {
    pass(65_000, 5000);
    assertThat(watch.hasJumped()).isTrue();
    assertThat(watch.hasJumped()).isFalse();
    pass(-3_600_000, 5000);
    assertThat(watch.hasJumped()).isTrue();
    assertThat(watch.hasJumped()).isFalse();
  }

  @Test
  void slowDriftAddsUp() {
    for (int i = 0; i < 5; i++) {
      pass(5100, 5000);
      assertThat(watch.hasJumped()).isFalse();
    }
    pass(5100, 5000);
    assertThat(watch.hasJumped()).isTrue();
  }
}
