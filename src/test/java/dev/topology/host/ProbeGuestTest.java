package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.host.ProbeRun.ProbeGuest;
import dev.topology.testing.TestHost;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The positive controls: what the guests do where a guest certainly runs. */
class ProbeGuestTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Test
  void spinsAndExits() throws Exception {
    ProbeRun.Result result =
        new ProbeRun(TestHost.qemu(), PATIENCE)
            .run(ProbeGuest.SPIN, "accel=tcg,pit=off,pic=off", "max");

    assertThat(result.outcome().errors()).isEmpty();
    assertThat(result.finished()).isTrue();
  }

  @Test
  void spinsOnTheSimplestProcessorThatHasLongMode() throws Exception {
    ProbeRun.Result result =
        new ProbeRun(TestHost.qemu(), PATIENCE)
            .run(ProbeGuest.SPIN, "accel=tcg,pit=off,pic=off", "qemu64");

    assertThat(result.finished()).isTrue();
  }

  @Test
  void takesAllItsSamples() throws Exception {
    ProbeRun.Result result =
        new ProbeRun(TestHost.qemu(), PATIENCE)
            .run(ProbeGuest.CLOCK, "accel=tcg,pit=on,pic=on", "max");

    assertThat(result.finished()).isTrue();
    assertThat(result.written().remaining())
        .isEqualTo(ProbeGuest.SAMPLES * ProbeGuest.SAMPLE_BYTES);
  }

  @Test
  void reportsAQemuThatDoesNotKnowTheMachine() throws Exception {
    ProbeRun.Result result =
        new ProbeRun(TestHost.qemu(), PATIENCE).run(ProbeGuest.SPIN, "nonsense=on", "max");

    assertThat(result.finished()).isFalse();
    assertThat(result.failure())
        .isEqualTo("QEMU ended with status 1: Property 'microvm-machine.nonsense' not found");
  }
}
