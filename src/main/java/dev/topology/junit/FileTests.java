package dev.topology.junit;

import dev.topology.junit.Scratch.Directories;
import dev.topology.junit.TopologyRequest.Prepared;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.TestCase;
import dev.topology.suite.TestFile;
import dev.topology.suite.TestJob;
import dev.topology.suite.TestListener;
import dev.topology.suite.TestResult;
import dev.topology.suite.TestResult.Failed;
import dev.topology.suite.TestResult.Stopped;
import dev.topology.suite.TestRunner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** The tests that a topology file holds, as tests of JUnit. */
final class FileTests {

  private final Path file;
  private final Preparation prepared;

  FileTests(Path file, Prepared.Startable startable) {
    this.file = file;
    this.prepared = startable.preparation();
  }

  /** One for each, in the order of the file. */
  Stream<DynamicTest> stream() {
    return prepared.topology().tests().stream()
        .map(it -> DynamicTest.dynamicTest(it.name(), place(it), () -> run(it)));
  }

  /** JUnit takes the line of a file from the query: FileSource. */
  private URI place(TestCase test) {
    int line = test.location().start().line();
    return URI.create(file.toAbsolutePath().toUri() + "?line=" + line);
  }

  /** Fails as the test does. Nothing of its network is left then, nor of its files. */
  private void run(TestCase test) throws IOException {
    Path directory = new Scratch().directory("test");
    try {
      Preparation there =
          new Preparation(
              prepared.topology(),
              prepared.facts(),
              prepared.options().in(directory.resolve(prepared.topology().name())),
              prepared.missingImages());
      TestJob job = new TestJob(new TestFile(file, there), test, 1);
      TestRunner runner = new TestRunner(1, false, new TestListener() {});
      for (TestResult result : runner.run(List.of(job).iterator())) {
        require(result);
      }
    } finally {
      Directories.delete(directory);
    }
  }

  private static void require(TestResult result) {
    if (result.outcome() instanceof Failed failed) {
      throw new AssertionFailedError(failed.describe());
    }
    if (result.outcome() instanceof Stopped) {
      throw new TestAbortedException("the test was interrupted");
    }
  }
}
