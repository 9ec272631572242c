package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.KvmVerdict;
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

    GuestFacts facts = guests(host(qemu), Accelerator.AUTO);

    assertThat(facts.qemu().path()).isEqualTo(qemu);
    assertThat(facts.qemu().version()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(facts.kvm().reason()).isNotEmpty();
    assertThat(facts.tscKhz()).isPositive();
    assertThat(cache).isDirectoryRecursivelyContaining("glob:**/host/qemu-*");
  }

  @Test
  void tellsTheSameTwice() throws Exception {
    Host host = host(TestHost.qemu());

    assertThat(guests(host, Accelerator.TCG)).isEqualTo(guests(host, Accelerator.TCG));
  }

  @Test
  void doesNotTryKvmWhereNoNodeAsksForIt() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, anyQemu("exit 1"));

    GuestFacts facts = guests(host(fake.program()), Accelerator.TCG);

    assertThat(facts.kvm()).isEqualTo(new KvmVerdict(false, "no node asks for it"));
    assertThat(fake.runs()).noneMatch(run -> run.contains("accel=kvm"));
  }

  @Test
  void refusesAQemuWithoutMicrovm() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "echo QEMU emulator version 4.1.0");

    assertThatThrownBy(() -> guests(host(fake.program()), Accelerator.TCG))
        .isInstanceOf(UnfitHostException.class)
        .hasMessage(fake.program() + ", version 4.1.0, has no machine type \"microvm\"");
  }

  @Test
  void emulatesGuestsOfAnotherArchitecture() throws Exception {
    TestHost.qemu(Architecture.ARM64);
    assumeThat(TestHost.architecture()).isEqualTo(Architecture.AMD64);

    GuestFacts facts =
        Host.of(cache, System.getenv())
            .guests(
                Architecture.ARM64,
                Set.of(Accelerator.AUTO),
                Map.of(),
                Map.of(),
                /* uefi= */ false);

    assertThat(facts.qemu().path()).hasFileName("qemu-system-aarch64");
    assertThat(facts.kvm())
        .isEqualTo(
            new KvmVerdict(false, "it runs guests of this host's architecture, amd64, only"));
  }

  private static GuestFacts guests(Host host, Accelerator wanted) throws Exception {
    return host.guests(Architecture.AMD64, Set.of(wanted), Map.of(), Map.of(), /* uefi= */ false);
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
