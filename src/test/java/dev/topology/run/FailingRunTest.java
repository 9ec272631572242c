package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.IpAddress;
import dev.topology.model.Node.BootSource;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.testing.TestHost;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way a node can fail, with real guests: told apart, reported, and nothing left over. */
class FailingRunTest {

  @TempDir Path directory;

  @Test
  void aCommandThatFailsEndsTheRun() throws Exception {
    var topology =
        TestNode.pair("fails", node("left").runs("echo about to fail; exit 3"), node("right"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      FailureReport report = run.failure();
      assertThat(report.node()).isEqualTo("left");
      assertThat(report.cause()).isEqualTo(new FailureCause.CommandFailed(3));
      assertThat(report.consoleTail()).contains("about to fail");
      assertThat(report.commandLine().get(0)).endsWith("qemu-system-x86_64");
      assertThat(report.consoleLog()).exists();
      assertThat(run.qemus()).isEmpty();
    }
  }

  @Test
  void aQemuKilledFromOutsideIsTold() throws Exception {
    var topology = TestNode.pair("killed", node("left"), node("right"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().ready().get(10, TimeUnit.MINUTES);
      ProcessHandle right =
          run.qemus().stream()
              .filter(qemu -> qemu.info().commandLine().orElse("").contains("guest=killed.right "))
              .findFirst()
              .orElseThrow();
      right.destroyForcibly();
      FailureReport report = run.failure();
      assertThat(report.node()).isEqualTo("right");
      assertThat(report.cause()).isEqualTo(new FailureCause.QemuKilled(9, "SIGKILL"));
      assertThat(run.qemus()).isEmpty();
    }
  }

  @Test
  void aPanicIsToldFromAReboot() throws Exception {
    var topology =
        TestNode.topology("panics", node("broken").runs("echo c >/proc/sysrq-trigger; sleep 60"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause())
          .isInstanceOfSatisfying(
              FailureCause.GuestPanicked.class,
              panic ->
                  assertThat(panic.panicLine().toString()).contains("Kernel panic - not syncing"));
    }
  }

  @Test
  void aGuestThatRebootsBeforeItsCommandEndsHasFailed() throws Exception {
    var topology = TestNode.topology("reboots", node("restless").runs("reboot -f; sleep 60"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause())
          .isEqualTo(new FailureCause.EndedBeforeCommand("reset itself"));
    }
  }

  @Test
  void aNodeThatIsNotReadyInTimeSaysWhatItWaitedFor() throws Exception {
    Duration within = Duration.ofSeconds(1);
    var never = new Condition.ConsoleText(Pattern.compile("never printed"));
    var topology =
        TestNode.topology(
            "slow", node("slow").readyWhen(new Readiness(Optional.of(never), Optional.of(within))));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause().describe())
          .isEqualTo("it was not ready within 1 s: nothing on its console matched /never printed/");
    }
  }

  @Test
  void aServiceThatEndsHasFailed() throws Exception {
    var topology = TestNode.topology("ends", node("service").isService().runs("true"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause()).isEqualTo(new FailureCause.ServiceEnded());
    }
  }

  @Test
  void aTakenPortIsNamedWithItsHolder() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      var forward = new PortForward(Protocol.TCP, 80, IpAddress.LOOPBACK, OptionalInt.of(port));
      var topology = TestNode.topology("taken", node("web").publishes(forward), node("other"));
      try (RecordedRun run = RecordedRun.of(topology, directory)) {
        assertThat(run.failure().cause().describe())
            .isEqualTo(
                "it could not be started: host port %d/tcp on 127.0.0.1 is taken by java (pid %d)"
                    .formatted(port, ProcessHandle.current().pid()));
        assertThat(run.events(RunEvent.NodeStarted.class)).isEmpty();
        assertThat(run.qemus()).isEmpty();
      }
    }
  }

  @Test
  void whatQemuSaysOfAKernelIsPassedOn() throws Exception {
    Path garbage = Files.writeString(directory.resolve("garbage"), "not a kernel");
    var boot = new BootSource(Optional.empty(), Optional.of(garbage), Optional.empty(), "");
    var topology = TestNode.topology("garbage", node("odd").boots(boot));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      FailureReport report = run.failure();
      assertThat(report.cause()).isInstanceOf(FailureCause.CouldNotStart.class);
      assertThat(report.stderr().isBlank()).isFalse();
    }
  }

  /** A title, the clipboard, a C1 control, a change of direction, a cleared screen; a long line. */
  @Test
  void whatAGuestReportsCannotReachATerminalRaw() throws Exception {
    String attack =
        "printf 'error X\\033]0;PWN\\007\\033]52;c;aGk=\\007\\302\\2331mY\\342\\200\\256Z\\033[2J%0900d\\n' 7";
    String init;
    try (InputStream ours = getClass().getResourceAsStream("/dev/topology/image/init")) {
      init = new String(ours.readAllBytes(), UTF_8);
    }
    Path hostile = directory.resolve("init");
    Files.writeString(hostile, init.replace("echo ready >&3", attack + " >&3\n  echo ready >&3"));
    assertThat(hostile.toFile().setExecutable(true)).isTrue();
    var topology = TestNode.topology("hostile", node("evil").lays("/init", hostile));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      FailureReport report = run.failure();
      String said = "XYZ" + "0".repeat(497) + "…";
      assertThat(report.headline())
          .startsWith("evil failed: its guest reported: " + said + " after");
      assertThat(report.describe().codePoints().filter(it -> it != '\n'))
          .noneMatch(Character::isISOControl)
          .doesNotContain(0x202E);
    }
  }

  @Test
  void aMissingQemuFailsTheNodeAndTheRun() throws Exception {
    GuestFacts here = TestHost.guests();
    QemuBinary nowhere = new QemuBinary(directory.resolve("no-qemu"), "0", true);
    GuestFacts without =
        new GuestFacts(
            nowhere,
            here.kvm(),
            here.tscKhz(),
            here.images(),
            here.confinement(),
            Map.of(),
            Optional.empty());
    LaunchPlan absent =
        Planner.plan(
            TestNode.topology("absent", node("lone")),
            HostFacts.of(TestHost.architecture(), without),
            new PlanOptions(directory.toAbsolutePath()));
    try (RecordedRun run = RecordedRun.of(absent)) {
      assertThat(run.failure().cause().describe()).contains("no-qemu").contains("No such file");
    }
  }

  @Test
  void aFullDiskCostsTheLogAndNothingElse() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("chatty.console"), Path.of("/dev/full"));
    var topology = TestNode.topology("full", node("chatty").runs("echo still here"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.outcome()).isEqualTo(new TopologyOutcome.Done());
      assertThat(run.console("chatty")).contains("still here");
      assertThat(run.events(RunEvent.Warned.class))
          .extracting(RunEvent.Warned::message)
          .filteredOn(message -> message.contains("chatty.console"))
          .hasSize(1);
    } finally {
      Files.delete(link);
    }
  }
}
