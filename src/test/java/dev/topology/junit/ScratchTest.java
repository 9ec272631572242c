package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

  @TempDir private Path parent;

  @Test
  void clearsWhatKilledTestRunsLeftAndNothingElse() throws Exception {
    Scratch scratch = new Scratch(parent);
    long gone = goneProcess();
    Path left = filled("topology-test-" + gone + "-1");
    Path unpacked = filled("topology-resource-" + gone + "-2");
    Path locked = filled("topology-test-" + gone + "-3");
    Path ours = scratch.directory("test");
    Path others = filled("somebody-elses-" + gone + "-4");

    // Where the process is one of another container, its lock tells that it lives.
    try (FileChannel lock = FileChannel.open(lock(locked), StandardOpenOption.WRITE)) {
      assertThat(lock.lock().isValid()).isTrue();
      scratch.clearAbandoned();
    }

    assertThat(left).doesNotExist();
    assertThat(unpacked).doesNotExist();
    assertThat(locked).exists();
    assertThat(ours).exists();
    assertThat(others).exists();
    scratch.clearAbandoned();
    assertThat(locked).doesNotExist();
  }

  @Test
  void doesNotMindThatThereIsNothing() {
    Path nowhere = parent.resolve("nowhere");
    new Scratch(nowhere).clearAbandoned();
    assertThat(nowhere).doesNotExist();
  }

  private static long goneProcess() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  private Path filled(String name) throws IOException {
    Path directory = parent.resolve(name);
    Files.createDirectories(lock(directory).getParent());
    Files.createFile(lock(directory));
    return directory;
  }

  private static Path lock(Path directory) {
    return directory.resolve("lab").resolve("lock");
  }
}
