package dev.topology.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
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
    try (BufferedReader lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("up");
      assertThat(qemus()).isEqualTo(4);
    } finally {
      child.destroyForcibly();
    }
    await().atMost(10, TimeUnit.MINUTES).until(LeftoversTest::qemus, count -> count == 0);
  }

  private static long qemus() throws IOException {
    return ProcessHandle.allProcesses()
        .filter(it -> it.info().commandLine().orElse("").contains("guest=held."))
        .count();
  }
}
