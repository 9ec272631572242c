package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Memory;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HostResourcesTest {

  private static final Memory NODE = Memory.ofMebibytes(128);

  @Test
  @EnabledOnOs(OS.LINUX)
  void readsWhatLinuxTells() {
    HostResources resources = HostResources.read();

    assertThat(resources.cpus()).isPositive();
    assertThat(resources.memoryAvailable().orElseThrow())
        .isBetween(1L << 20, resources.memoryTotal().orElseThrow());
    assertThat(resources.openFiles().orElseThrow()).isPositive();
  }

  @Test
  void countsTheNodesThatFitIntoTheMemory() {
    assertThat(with(10L << 30, 1_000_000, 1_000_000).roomFor(NODE)).hasValue(51);
    assertThat(with(100L << 20, 1_000_000, 1_000_000).roomFor(NODE)).hasValue(0);
  }

  @Test
  void countsWhateverRunsOutFirst() {
    assertThat(with(10L << 30, 64, 1_000_000).roomFor(NODE)).hasValue(4);
    assertThat(with(10L << 30, 1_000_000, 80).roomFor(NODE)).hasValue(10);
  }

  @Test
  void countsNothingWhereNothingIsKnown() {
    OptionalLong unknown = OptionalLong.empty();

    assertThat(new HostResources(2, unknown, unknown, unknown, unknown).roomFor(NODE)).isEmpty();
  }

  private static HostResources with(long memory, long openFiles, long processes) {
    return new HostResources(
        2,
        OptionalLong.of(memory),
        OptionalLong.of(memory),
        OptionalLong.of(openFiles),
        OptionalLong.of(processes));
  }
}
