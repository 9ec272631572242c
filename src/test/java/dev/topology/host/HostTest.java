package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.model.Accelerator;
import dev.topology.plan.HostFacts;
import dev.topology.testing.FakeQemu;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {

  @TempDir Path cache;
  @TempDir Path programs;

  @Test
  void tellsAPlanWhatItNeeds() throws Exception {
    Path qemu = TestHost.qemu();

    HostFacts facts = host(qemu).facts(Set.of(Accelerator.AUTO), Map.of());

    assertThat(facts.qemu().path()).isEqualTo(qemu);
    assertThat(facts.qemu().version()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(facts.kvm().reason()).isNotEmpty();
    assertThat(facts.tscKhz()).isPositive();
    assertThat(cache).isDirectoryRecursivelyContaining("glob:**/host/qemu-*");
  }

  @Test
  void tellsTheSameTwice() throws Exception {
    Host host = host(TestHost.qemu());

    assertThat(host.facts(Set.of(Accelerator.TCG), Map.of()))
        .isEqualTo(host.facts(Set.of(Accelerator.TCG), Map.of()));
  }

  @Test
  void doesNotTryKvmWhereNoNodeAsksForIt() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, anyQemu("exit 1"));

    HostFacts facts = host(fake.program()).facts(Set.of(Accelerator.TCG), Map.of());

    assertThat(facts.kvm()).isEqualTo(new HostFacts.KvmVerdict(false, "no node asks for it"));
    assertThat(fake.runs()).noneMatch(run -> run.contains("accel=kvm"));
  }

  @Test
  void refusesAQemuWithoutMicrovm() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "echo QEMU emulator version 4.1.0");

    assertThatThrownBy(() -> host(fake.program()).facts(Set.of(Accelerator.TCG), Map.of()))
        .isInstanceOf(UnfitHostException.class)
        .hasMessage(fake.program() + " has no machine type \"microvm\"");
  }

  private Host host(Path qemu) {
    return Host.of(cache, Map.of("TOPOLOGY_QEMU", qemu.toString()));
  }

  private static String anyQemu(String guests) {
    return """
        case "$*" in
          --version) echo 'QEMU emulator version 8.0.0' ;;
          *microvm,help*) echo 'microvm-machine options:' ;;
          *) %s ;;
        esac"""
        .formatted(guests);
  }
}
