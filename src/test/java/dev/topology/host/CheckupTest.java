package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.topology.host.Checkup.Result;
import dev.topology.host.Checkup.Result.Level;
import dev.topology.host.KvmProbe.Kvm;
import dev.topology.model.Architecture;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.Virtiofsd;
import dev.topology.plan.Virtiofsd.Dialect;
import dev.topology.plan.Virtiofsd.Isolation;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckupTest {

  private static final Path PATH = Path.of("/usr/bin/qemu-system-x86_64");

  @TempDir Path cache;

  @Test
  void findsThisMachineUsable() throws Exception {
    Host host = Host.of(cache, Map.of("TOPOLOGY_QEMU", TestHost.qemu().toString()));

    List<Result> results = new Checkup(host).results();

    assertThat(results)
        .extracting(Result::subject)
        .startsWith("Java", "QEMU", "KVM", "TSC", "files", "shares", "UEFI", "arm64")
        .endsWith("limits");
    assertThat(results).extracting(Result::level).doesNotContain(Level.FAIL);
    assertThat(results)
        .allSatisfy(f -> assertThat(f.remedy().isPresent()).isEqualTo(f.level() != Level.OK));
  }

  @Test
  void goesOnWithoutQemu() throws Exception {
    List<Result> results = new Checkup(Host.of(cache, Map.of("PATH", "/none"))).results();

    assertThat(results)
        .extracting(Result::level, Result::subject)
        .startsWith(tuple(Level.OK, "Java"), tuple(Level.FAIL, "QEMU"));
    assertThat(results).last().extracting(Result::subject).isEqualTo("limits");
  }

  @Test
  void describesWhatSharesDirectories() {
    SharingVerdict none = new SharingVerdict(Optional.empty(), "there is no virtiofsd");
    assertThat(Checkup.sharing(none, false).level()).isEqualTo(Level.WARN);
    assertThat(Checkup.sharing(none, false).remedy().orElseThrow())
        .contains("apt-get install virtiofsd", "apt-get install qemu-system-common");
    assertThat(Checkup.sharing(none, true).text()).startsWith("over 9p by QEMU");
    assertThat(Checkup.sharing(none, true).remedy().orElseThrow())
        .contains("image build --kernel generic", "apt-get install virtiofsd");
    assertThat(Checkup.sharing(sharing(Isolation.OWN_USERS, false), true))
        .isEqualTo(
            Result.ok("shares", "over virtiofs by /usr/lib/virtiofsd, the one in Rust: why"));
    assertThat(Checkup.sharing(sharing(Isolation.NONE, true), true).level()).isEqualTo(Level.WARN);
    assertThat(Checkup.sharing(sharing(Isolation.NONE, false), false).text())
        .endsWith("so only writable shares work");
    assertThat(Checkup.sharing(sharing(Isolation.NONE, false), true).text())
        .endsWith("shared over 9p by QEMU");
  }

  private static SharingVerdict sharing(Isolation isolation, boolean readOnly) {
    Path program = Path.of("/usr/lib/virtiofsd");
    return new SharingVerdict(
        Optional.of(new Virtiofsd(program, Dialect.RUST, isolation, readOnly, true)), "why");
  }

  @Test
  void describesQemu() {
    Qemu.Version version = new Qemu.Version(7, 2, 22);

    assertThat(Checkup.qemu("QEMU", new Qemu(PATH, version, Architecture.AMD64, true, true)))
        .isEqualTo(
            Result.ok("QEMU", "7.2.22, /usr/bin/qemu-system-x86_64, microvm, seccomp sandbox"));
    assertThat(
            Checkup.qemu("QEMU", new Qemu(PATH, version, Architecture.AMD64, false, true)).level())
        .isEqualTo(Level.FAIL);
    Qemu old = new Qemu(PATH, new Qemu.Version(6, 2, 0), Architecture.ARM64, true, true);
    assertThat(Checkup.qemu("arm64", old).level()).isEqualTo(Level.WARN);
  }

  @Test
  void describesKvm() {
    assertThat(Checkup.kvm(new Kvm.Proven(Duration.ofMillis(81), Optional.empty())))
        .isEqualTo(Result.ok("KVM", "a probe guest ran on it in 81 ms"));
    Kvm measured = new Kvm.Proven(Duration.ofMillis(80), Optional.of(Duration.ofMillis(200)));
    assertThat(Checkup.kvm(measured).text())
        .isEqualTo("a probe guest ran on it in 80 ms, 2.5 times as fast as by emulation");
    assertThat(Checkup.kvm(new Kvm.NotProven("/dev/kvm does not exist", "Enable it.")))
        .isEqualTo(Result.warn("KVM", "/dev/kvm does not exist; using tcg", "Enable it."));
  }

  @Test
  void describesTheTimeStampCounter() {
    assertThat(
            Checkup.tsc(Optional.of(new TscProbe.Rate(2_596_124, TscProbe.Rate.Origin.MEASURED))))
        .isEqualTo(Result.ok("TSC", "2596.124 MHz, measured"));
    assertThat(
            Checkup.tsc(
                Optional.of(new TscProbe.Rate(800_000, TscProbe.Rate.Origin.CPU_FREQUENCY))))
        .extracting(Result::level, Result::text)
        .containsExactly(
            Level.WARN, "800.000 MHz, taken from /proc/cpuinfo: guests' clocks may run wrong");
    assertThat(Checkup.tsc(Optional.empty()).level()).isEqualTo(Level.WARN);
  }

  @Test
  void describesLimits() {
    assertThat(Checkup.limits(resources(23_000_000_000L, 1_048_576)))
        .isEqualTo(
            Result.ok(
                "limits",
                "2 CPUs, 1048576 open files, 95000 processes, 21.4 GiB free memory:"
                    + " room for about 109 nodes of 128MiB"));
    assertThat(Checkup.limits(resources(200_000_000, 1_048_576)).level()).isEqualTo(Level.WARN);
    assertThat(Checkup.limits(resources(23_000_000_000L, 256)).level()).isEqualTo(Level.WARN);
  }

  private static HostResources resources(long memory, long openFiles) {
    return new HostResources(
        2,
        OptionalLong.of(memory),
        OptionalLong.of(memory),
        OptionalLong.of(openFiles),
        OptionalLong.of(95_000));
  }
}
