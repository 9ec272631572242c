package dev.topology.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs leave behind, seen from a JVM that does nothing else: nothing. */
class LeftoversTest {

  @TempDir Path directory;

  @Test
  void runsLeaveNoThreadDescriptorProcessOrFileBehind() throws Exception {
    Process child = RunInChild.start("2", directory.toString());
    try (BufferedReader lines = child.inputReader()) {
      String before = lines.readLine();
      assertThat(lines.readLine()).isEqualTo(before);
      assertThat(lines.readLine()).isEqualTo("[one.console]");
      assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).isZero();
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void noQemuOutlivesAJvmThatIsKilled() throws Exception {
    Process child = RunInChild.start("hold", directory.toString());
    List<ProcessHandle> qemus;
    try (BufferedReader lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("up");
      qemus =
          child
              .descendants()
              .filter(it -> it.info().commandLine().orElse("").contains("guest=held."))
              .toList();
      assertThat(qemus).hasSize(4);
    } finally {
      child.destroyForcibly();
    }
    await()
        .atMost(10, TimeUnit.MINUTES)
        .until(() -> qemus.stream().noneMatch(ProcessHandle::isAlive));
  }
}
