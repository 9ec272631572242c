package dev.topology.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.topology.run.RunningTopology;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.reporting.OutputDirectoryProvider;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs test classes inside of a test, with a directory for what they publish. */
@SuppressWarnings("removal") // JUnit 6 has another name for OutputDirectoryProvider; 5.13 has not.
final class Kit {

  private final Path published;

  Kit(Path published) {
    this.published = published;
  }

  EngineExecutionResults run(Class<?>... classes) {
    return run(Map.of(), classes);
  }

  EngineExecutionResults run(Map<String, String> parameters, Class<?>... classes) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(Stream.of(classes).map(type -> selectClass(type)).toArray(ClassSelector[]::new))
        .configurationParameter(TopologyExtension.CACHE, TestHost.cache().toString())
        // Whatever the environment says, as it does in CI.
        .configurationParameter(TopologyExtension.REQUIRED, "false")
        .configurationParameters(parameters)
        .outputDirectoryProvider(new Published(published))
        .execute();
  }

  /** What every failed test or class failed of, each by its message, in order. */
  static List<String> failures(EngineExecutionResults results) {
    return results.allEvents().failed().stream()
        .map(Kit::problem)
        .map(Throwable::getMessage)
        .toList();
  }

  /** What a failed test failed of. */
  static Throwable problem(Event failed) {
    return failed.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
  }

  /** The reasons of what was skipped. */
  static List<String> skipped(EngineExecutionResults results) {
    return results.allEvents().skipped().stream()
        .map(event -> event.getRequiredPayload(String.class))
        .toList();
  }

  /** Relative paths of all files that were published. */
  List<String> publishedFiles() {
    try (Stream<Path> files = Files.walk(published)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> published.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The QEMU of a topology's only node; no other topology may have its name. */
  static ProcessHandle qemuOf(RunningTopology topology) {
    String name = "guest=" + topology.topology().name() + ".";
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no QEMU runs for " + name));
  }

  private record Published(Path root) implements OutputDirectoryProvider {

    @Override
    public Path getRootDirectory() {
      return root;
    }

    @Override
    public Path createOutputDirectory(TestDescriptor test) throws IOException {
      return Files.createDirectories(root.resolve(test.getDisplayName().replaceAll("[(].*", "")));
    }
  }
}
