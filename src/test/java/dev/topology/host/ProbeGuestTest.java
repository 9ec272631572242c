package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.host.ProbeRun.ProbeGuest;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.testing.TestHost;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The positive controls: what the guests do where a guest certainly runs. */
class ProbeGuestTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @ParameterizedTest
  @EnumSource
  void spinsAndExits(Architecture architecture) throws Exception {
    ProbeRun.Result result = run(TestHost.qemu(architecture), ProbeGuest.SPIN, Accelerator.TCG);

    assertThat(result.outcome().errors()).isEmpty();
    assertThat(result.finished()).isTrue();
  }

  @Test
  void takesAllItsSamples() throws Exception {
    ProbeRun.Result result =
        run(TestHost.qemu(Architecture.AMD64), ProbeGuest.CLOCK, Accelerator.TCG);

    assertThat(result.finished()).isTrue();
    assertThat(result.written().remaining())
        .isEqualTo(ProbeGuest.SAMPLES * ProbeGuest.SAMPLE_BYTES);
  }

  @Test
  void reportsAQemuThatDoesNotKnowTheMachine() throws Exception {
    Qemu qemu = TestHost.qemu(Architecture.AMD64);
    Qemu confused = new Qemu(qemu.path(), qemu.version(), Architecture.ARM64, true, true);

    ProbeRun.Result result = run(confused, ProbeGuest.SPIN, Accelerator.TCG);

    assertThat(result.finished()).isFalse();
    assertThat(result.failure()).startsWith("QEMU ended with status 1: unsupported machine type");
  }

  private static ProbeRun.Result run(Qemu qemu, ProbeGuest guest, Accelerator accelerator)
      throws Exception {
    return new ProbeRun(qemu, PATIENCE).run(guest, accelerator);
  }
}
