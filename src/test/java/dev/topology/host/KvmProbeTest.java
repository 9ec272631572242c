package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.topology.host.KvmProbe.Kvm;
import dev.topology.host.KvmProbe.Kvm.NotProven;
import dev.topology.host.KvmProbe.Kvm.Proven;
import dev.topology.host.ProbeRun.ProbeGuest;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.testing.FakeQemu;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvmProbeTest {

  @TempDir Path cache;
  @TempDir Path programs;

  private Path device;

  @BeforeEach
  void makeADeviceThatOpens() throws IOException {
    device = Files.createFile(programs.resolve("kvm"));
  }

  @Test
  void saysOfThisMachineWhatAGuestOnItShows() throws Exception {
    Qemu qemu = TestHost.qemu(TestHost.architecture());
    assumeThat(KvmProbe.DEVICE).isReadable().isWritable();

    Kvm verdict = new KvmProbe(new ProbeCache(cache)).probe(qemu);

    // However busy this machine is, a KVM that is worth using is not overtaken by emulation.
    ProbeRun run = new ProbeRun(qemu, Duration.ofSeconds(5));
    ProbeRun.Result control = run.run(ProbeGuest.SPIN, Accelerator.TCG);
    ProbeRun.Result result = run.run(ProbeGuest.SPIN, Accelerator.KVM);
    double ratio = (double) result.outcome().took().toNanos() / control.outcome().took().toNanos();
    assumeThat(result.finished() && ratio > 0.5 && ratio < 2).as("hard to tell").isFalse();
    assertThat(verdict)
        .isInstanceOf(result.finished() && ratio < 1 ? Proven.class : NotProven.class);
  }

  @Test
  void needsNoQemuToSeeThatThereIsNoDevice() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "exit 33");
    device = programs.resolve("none");

    assertThat(probe(fake).reason()).isEqualTo(device + " does not exist");
    assertThat(fake.runs()).isEmpty();
  }

  @Test
  void needsNoQemuToSeeThatTheDeviceMayNotBeOpened() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "exit 33");
    Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(device)).as("root may open anything").isFalse();

    assertThat(probe(fake))
        .isInstanceOfSatisfying(
            NotProven.class,
            not -> {
              assertThat(not.reason()).isEqualTo("permission denied on " + device);
              assertThat(not.remedy()).contains("usermod -aG kvm");
            });
    assertThat(fake.runs()).isEmpty();
  }

  @Test
  void needsNoQemuToSeeThatTheDeviceDoesNotOpen() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "exit 33");
    device = Files.createDirectory(programs.resolve("directory"));

    assertThat(probe(fake).reason()).startsWith(device + " cannot be opened: ");
    assertThat(fake.runs()).isEmpty();
  }

  @Test
  void isConvincedByAGuestThatIsFasterThanByEmulation() throws Exception {
    assertThat(probe(fast()).reason())
        .matches("a probe guest ran on it in \\d+ ms, [\\d.]+ times as fast as by emulation");
  }

  @Test
  void isNotConvincedByAGuestThatIsNoFaster() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "case \"$*\" in *accel=kvm*) sleep 0.9 ;; esac; exit 33");

    assertThat(probe(fake).reason())
        .matches("a probe guest was no faster on it \\(\\d+ ms\\) than by emulation \\(\\d+ ms\\)");
    assertThat(fake.runs()).hasSize(6);
  }

  @Test
  void takesTheWordOfAQemuThatCannotEmulate() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "case \"$*\" in *accel=tcg*) exit 1 ;; esac; exit 33");

    assertThat(probe(fake))
        .isInstanceOfSatisfying(Proven.class, it -> assertThat(it.emulated()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo 'qemu-system-x86_64: error: failed to set MSR' >&2; kill -ABRT $$ \
          | QEMU aborted: failed to set MSR
          echo 'qemu: warning: odd' >&2; echo 'qemu: Could not access KVM' >&2; exit 1 \
          | QEMU ended with status 1: Could not access KVM
          exit 0         | QEMU ended with status 0
          """)
  void isNotConvincedByLess(String onKvm, String reason) throws Exception {
    assertThat(probe(onlyEmulating(onKvm)))
        .isInstanceOfSatisfying(NotProven.class, not -> assertThat(not.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec sleep 100", "sleep 100; exit 33"})
  void isNotConvincedByAGuestThatIsLate(String onKvm) throws Exception {
    FakeQemu fake = onlyEmulating(onKvm);

    assertThat(probe(fake).reason())
        .startsWith("a probe guest ran more than 4 times as long on it as by emulation");
    assertThat(fake.isRunning()).isFalse();
  }

  @Test
  void remembersWhatItFound() throws Exception {
    FakeQemu fake = onlyEmulating("exit 1");

    Kvm verdict = probe(fake);
    assertThat(fake.runs()).hasSize(2);

    assertThat(probe(fake)).isEqualTo(verdict);
    assertThat(fake.runs()).hasSize(2);
  }

  @Test
  void looksAgainAtTheDeviceWhateverItRemembers() throws Exception {
    FakeQemu fake = fast();
    assertThat(probe(fake)).isInstanceOf(Proven.class);
    Files.delete(device);

    assertThat(probe(fake).reason()).isEqualTo(device + " does not exist");
  }

  @Test
  void doesNotRememberAFailureThatSaysNothingOfKvm() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "echo 'qemu: no firmware' >&2; exit 1");

    assertThat(probe(fake).reason())
        .isEqualTo(
            "QEMU ended with status 1: no firmware;"
                + " nor by emulation: QEMU ended with status 1: no firmware");
    probe(fake);
    assertThat(fake.runs()).hasSize(4);
  }

  @Test
  void findsOutAnewWhereTheMemoryIsDamaged() throws Exception {
    FakeQemu fake = fast();
    probe(fake);
    int runs = fake.runs().size();
    try (var files = Files.list(cache)) {
      for (Path file : files.toList()) {
        Files.writeString(file, Files.readString(file).replace("proven", "maybe"));
      }
    }

    assertThat(probe(fake)).isInstanceOf(Proven.class);
    assertThat(fake.runs()).hasSizeGreaterThan(runs);
  }

  @Test
  void answersTwoAtOnceAlike() throws Exception {
    FakeQemu fake = onlyEmulating("exit 1");
    Callable<Kvm> probing = () -> probe(fake);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Kvm>> verdicts = threads.invokeAll(List.of(probing, probing));
      assertThat(verdicts.get(0).get()).isEqualTo(verdicts.get(1).get());
    } finally {
      threads.shutdownNow();
    }
    int runs = fake.runs().size();

    assertThat(probe(fake).reason()).isEqualTo("QEMU ended with status 1");
    assertThat(fake.runs()).hasSize(runs);
  }

  @Test
  void leavesNothingBehindWhenInterrupted() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, "exec sleep 100");
    ProbeRun run = new ProbeRun(qemu(fake), Duration.ofSeconds(100));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<ProbeRun.Result> result = thread.submit(() -> run.run(ProbeGuest.SPIN, Accelerator.KVM));
    await().until(fake::isRunning);

    thread.shutdownNow();

    assertThat(result).failsWithin(Duration.ofMinutes(10));
    assertThat(fake.isRunning()).isFalse();
  }

  private Kvm probe(FakeQemu fake) throws InterruptedException {
    return new KvmProbe(device, new ProbeCache(cache)).probe(qemu(fake));
  }

  private static Qemu qemu(FakeQemu fake) {
    return new Qemu(fake.program(), Qemu.Version.OLDEST_TRIED, Architecture.AMD64, true, true);
  }

  /** A QEMU whose guests take their time under TCG, and none on KVM. */
  private FakeQemu fast() throws IOException {
    return FakeQemu.in(programs, "case \"$*\" in *accel=tcg*) sleep 0.5 ;; esac; exit 33");
  }

  /** A QEMU whose guests finish under TCG, and on KVM do what the body says. */
  private FakeQemu onlyEmulating(String onKvm) throws IOException {
    return FakeQemu.in(programs, "case \"$*\" in *accel=tcg*) exit 33 ;; esac\n" + onKvm);
  }
}
