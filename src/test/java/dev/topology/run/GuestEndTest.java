package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.topology.model.Node.BootSource;
import dev.topology.run.exec.Execution;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that ends, in each of the ways it can: a success only where it says so. */
class GuestEndTest {

  @TempDir Path directory;

  @Test
  void aPanicBeforeThereIsAConsoleIsToldWithItsReason() throws Exception {
    var boot = boot("rdinit=/nonexistent init=/nonexistent");
    var topology = TestNode.topology("early", node("a").boots(boot), node("b").after("a"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      FailureReport report = run.failure();
      assertThat(report.cause().describe())
          .startsWith("its kernel panicked (VFS: Unable to mount root fs");
      assertThat(report.kernelTail())
          .anyMatch(line -> line.contains("Kernel panic - not syncing: VFS: Unable to mount"))
          .noneMatch(line -> line.contains("SeaBIOS"));
      assertThat(run.events(RunEvent.NodeStarted.class)).hasSize(1);
    }
  }

  @Test
  void whatAPanicPrintsBeforeItsTraceIsInTheTail() throws Exception {
    var topology =
        TestNode.topology("late", node("a").runs("echo c >/proc/sysrq-trigger; sleep 600"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      FailureReport report = run.failure();
      assertThat(report.cause().describe())
          .isEqualTo("its kernel panicked (sysrq triggered crash)");
      assertThat(report.consoleTail()).anyMatch(line -> line.contains("sysrq triggered crash"));
    }
  }

  @Test
  void tooLittleMemoryIsSaidToBeTheReason() throws Exception {
    var topology = TestNode.topology("tight", node("a").hasMebibytes(76));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause().describe()).contains("panicked", "memory: gives it more");
    }
  }

  @Test
  void filesThatDoNotFitAreNotCutInSilence() throws Exception {
    Path large = Files.write(directory.resolve("large"), new byte[50 << 20]);
    var topology =
        TestNode.topology(
            "large", node("a").hasMebibytes(160).lays("/opt/large", large).runs("true"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause().describe())
          .endsWith("memory: gives it more)")
          // Linux 6.12 has its memory laid out otherwise than 6.1, and ends sooner.
          .containsAnyOf(
              "its initramfs, in which its files are, needs more than its 160MiB of memory",
              "its kernel panicked (Cannot find place for new RAMDISK of size ");
    }
  }

  @Test
  void aPowerOffBeforeTheNodeIsReadyIsAFailure() throws Exception {
    var topology =
        TestNode.topology(
            "off", node("a").lays("/init", init("echo \"hello 1\" >&3", "poweroff -f")));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause().describe())
          .isEqualTo(
              "it powered off before it was ready: "
                  + "the guest did not say \"ready\" over its control port");
    }
  }

  @Test
  void aQemuThatSomebodyAskedToEndIsNoSuccess() throws Exception {
    var topology = TestNode.topology("asked", node("a"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().awaitReady();
      run.qemus().get(0).destroy();
      FailureReport report = run.failure();
      assertThat(report.cause()).isEqualTo(new FailureCause.EndedFromOutside());
      assertThat(report.stderr().toString()).contains("terminating on signal 15");
    }
  }

  @Test
  void aNodeThatRebootsBootsAgain() throws Exception {
    var topology = TestNode.topology("again", node("a"), node("b"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().awaitReady();
      RunningNode node = run.running().node("a");
      try (Execution reboot = node.exec(List.of("reboot", "-f"))) {
        assertThatThrownBy(() -> reboot.status().get())
            .hasCauseInstanceOf(NodeEndedException.class)
            .hasMessageContaining(
                "a ended before its command \"reboot -f\" had ended: it rebooted");
      }
      await()
          .atMost(Duration.ofMinutes(10))
          .until(() -> !run.events(RunEvent.NodeRestarted.class).isEmpty());
      assertThat(run.events(RunEvent.NodeEnded.class))
          .singleElement()
          .satisfies(it -> assertThat(it.outcome()).isEqualTo(new NodeOutcome.Rebooted()));
      node.awaitReady();
      assertThat(node.restarts()).isEqualTo(1);
      assertThat(node.shell().run("hostname").output()).isEqualTo("a");
      assertThat(run.running().outcome()).isEmpty();
    }
  }

  @Test
  void aServiceThatNeverStopsRebootingHasFailed() throws Exception {
    var topology = TestNode.topology("loops", node("a").isService().runs("reboot -f; sleep 600"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause())
          .isEqualTo(
              new FailureCause.GuestReset(
                  "it rebooted 4 times in a row, each time as soon as it was ready"));
    }
  }

  @Test
  void allThatACommandPrintedComesBeforeItsEnd() throws Exception {
    List<String> atItsEnd = new CopyOnWriteArrayList<>();
    var topology =
        TestNode.topology(
            "wordy", node("a").runs("seq 3000; printf 'no line end'"), node("b").runs("sleep 600"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running()
          .onEvent(
              event -> {
                if (event instanceof RunEvent.NodeEnded) {
                  atItsEnd.addAll(run.running().node("a").console().tail(2));
                }
              });
      assertThat(run.running().node("a").awaitEnd(Duration.ofMinutes(10)))
          .isEqualTo(new NodeOutcome.Done());
      assertThat(atItsEnd).containsExactly("3000", "no line end");
    }
  }

  @Test
  void aGuestThatDoesNotPowerOffIsEnded() throws Exception {
    var topology =
        TestNode.topology(
            "lingers",
            node("a").runs("true").lays("/init", init("poweroff -f", "sleep 600")),
            node("b").runs("sleep 600"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.running().node("a").awaitEnd(Duration.ofMinutes(10)))
          .isEqualTo(new NodeOutcome.Done());
      assertThat(run.qemus()).hasSize(1);
    }
  }

  @Test
  void aLineWithoutEndIsNotReadOnAndOn() throws Exception {
    String flood = "ready >&3; head -c 1000000 /dev/zero | tr '\\0' x >&3";
    var topology = TestNode.topology("endless", node("a").lays("/init", init("ready >&3", flood)));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.failure().cause())
          .isEqualTo(new FailureCause.Unheard("a line of more than 65536 bytes"));
    }
  }

  @Test
  void aReaderThatEndsByAnErrorFailsItsNode() throws Exception {
    AtomicBoolean thrown = new AtomicBoolean();
    var topology = TestNode.topology("unread", node("a").runs("echo something; sleep 600"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running()
          .node("a")
          .console()
          .onLine(
              line -> {
                if (thrown.compareAndSet(false, true)) {
                  throw new StackOverflowError("as of a bug");
                }
              });
      assertThat(run.failure().cause().describe())
          .startsWith("what its guest says cannot be read any more: the thread console-a ended")
          .contains("StackOverflowError: as of a bug");
    }
  }

  @Test
  void modulesOfAnotherKernelAreNamed() throws Exception {
    Path image = TestHost.cache().resolve("images/default");
    byte[] original = Files.readAllBytes(image.resolve("initramfs"));
    String text = new String(original, StandardCharsets.ISO_8859_1);
    Path other = directory.resolve("other-modules");
    Files.writeString(
        other, text.replace("lib/modules/6", "lib/modules/5"), StandardCharsets.ISO_8859_1);
    var boot = new BootSource(Optional.of("default"), Optional.empty(), Optional.of(other), "");
    try (RecordedRun run =
        RecordedRun.of(TestNode.topology("modules", node("a").boots(boot)), directory)) {
      assertThat(run.failure().cause().describe())
          .contains("no modules for kernel 6.", "the initramfs has those of 5.");
    }
  }

  private static BootSource boot(String cmdline) {
    return new BootSource(Optional.of("default"), Optional.empty(), Optional.empty(), cmdline);
  }

  /** The init of the built-in image, with something else in one place. */
  private Path init(String what, String instead) throws IOException {
    try (InputStream resource = TestHost.class.getResourceAsStream("/dev/topology/image/init")) {
      String text =
          new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains(what);
      Path init = Files.writeString(directory.resolve("init"), text.replace(what, instead));
      return Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
