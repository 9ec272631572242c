package dev.topology.bench;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.topology.image.BuildListener;
import dev.topology.junit.HostPortOf;
import dev.topology.junit.WithTopology;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.language.load.LoadResult;
import dev.topology.run.RunEvent.RunListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * What a test class takes with the extension, and with the API alone.
 *
 * <p>Both start a QEMU, ask it for its host port and end it. Neither waits for the guest: a boot
 * under emulation takes seconds, and varies by more than there is to be measured.
 */
public final class ExtensionCost {

  private static final int WARM_UP = 10;
  private static final int REPETITIONS = 41;
  private static final Path FILE = Path.of("target", "bench", "one.yaml");

  private ExtensionCost() {}

  static List<Row> measure() throws Exception {
    Files.writeString(FILE, "nodes: {one: {memory: 128MiB, ports: {80: auto}}}\n");
    Samples extension = new Samples();
    Samples api = new Samples();
    for (int i = -WARM_UP; i < REPETITIONS; i++) {
      time(WithExtension.class, i < 0 ? new Samples() : extension);
      time(WithApi.class, i < 0 ? new Samples() : api);
    }
    return List.of(
        new Row(
            "what the JUnit extension adds to a test class over the API alone",
            "20 ms",
            "%.1f ms (%s against %s)".formatted(extension.median() - api.median(), extension, api)));
  }

  private static void time(Class<?> testClass, Samples samples) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    long start = System.nanoTime();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(testClass)).build(),
            summary);
    samples.addSince(start);
    if (summary.getSummary().getTestsSucceededCount() != 1) {
      summary.getSummary().getFailures().forEach(it -> it.getException().printStackTrace());
      throw new IllegalStateException(testClass + " did not pass");
    }
  }

  private static void requirePort(int port) {
    if (port <= 0) {
      throw new AssertionError(port);
    }
  }

  /** Everything is the extension's. */
  @WithTopology(value = "target/bench/one.yaml", awaitReady = false)
  public static class WithExtension {

    @Test
    void hasAPort(@HostPortOf(node = "one", port = 80) int port) {
      requirePort(port);
    }
  }

  /** The same by hand. */
  public static class WithApi {

    private static Launch launch;

    @BeforeAll
    static void start() throws Exception {
      Launcher launcher = new Launcher(UserDirectories.ofProcess());
      LoadResult.Loaded loaded = (LoadResult.Loaded) launcher.load(FILE);
      launch =
          Launch.start(
              launcher.prepare(loaded.topology(), new BuildListener() {}).plan(),
              RunListener.SILENT);
      launch.discardFiles();
    }

    @AfterAll
    static void stop() {
      Objects.requireNonNull(launch).close();
    }

    @Test
    void hasAPort() throws InterruptedException {
      requirePort(launch.topology().hostPort("one", 80));
    }
  }
}
