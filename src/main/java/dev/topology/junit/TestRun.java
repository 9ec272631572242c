package dev.topology.junit;

import dev.topology.host.UnfitHostException;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.junit.TopologyRequest.Prepared;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Topology;
import dev.topology.plan.Planner.PlanException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/**
 * What all tests of one run have in common: settings, files, and the instances they share. Kept in
 * JUnit's root store, which closes it after the last test. Thread-safe.
 */
final class TestRun implements AutoCloseable {

  static final Namespace NAMESPACE = Namespace.create(TopologyExtension.class);

  private final Settings settings;
  private final TopologyFiles files = new TopologyFiles();
  private final TopologyLoader loader = new TopologyLoader();
  private final Map<TopologySpec, SharedInstance> shared = new ConcurrentHashMap<>();
  private final Map<TopologySpec, FreshNetwork> fresh = new ConcurrentHashMap<>();

  private TestRun(Settings settings) {
    this.settings = settings;
    new Scratch().clearAbandoned();
  }

  static TestRun of(ExtensionContext context) {
    return keep(
        context.getRoot(), TestRun.class, () -> new TestRun(Settings.of(context)), TestRun.class);
  }

  /** The value that a context or one around it stores under a key; made and stored if missing. */
  @SuppressWarnings("deprecation") // Its successor, computeIfAbsent, is not there before JUnit 6.
  static <V> V keep(ExtensionContext context, Object key, Supplier<V> maker, Class<V> type) {
    Store store = context.getStore(NAMESPACE);
    return Objects.requireNonNull(
        store.getOrComputeIfAbsent(key, absent -> maker.get(), type), type::getName);
  }

  Settings settings() {
    return settings;
  }

  TopologyFiles files() {
    return files;
  }

  /**
   * Loads a topology and prepares it; builds the guest image if it is missing.
   *
   * @throws dev.topology.language.load.LoadResult.InvalidTopologyException with everything that is
   *     wrong with it
   */
  Prepared prepare(TopologySpec spec) throws InterruptedException {
    UserDirectories user = user(spec.environment());
    Topology topology = spec.source().load(loader, user.environment());
    Launcher launcher = new Launcher(user);
    try {
      Preparation preparation = launcher.prepare(topology, spec.images(), new BuildListener() {});
      preparation =
          spec.kernelLogApart()
              ? withKernelLogApart(preparation)
              : launcher.withClones(preparation, new BuildListener() {});
      // Whether it can be planned does not depend on where its files will be.
      var unused = preparation.plan();
      return new Prepared.Startable(launcher, preparation);
    } catch (UnfitHostException e) {
      return new Prepared.Unfit(e.getMessage() + "\n" + e.remedy(), e);
    } catch (ImageException | PlanException e) {
      return new Prepared.Unfit(String.valueOf(e.getMessage()), e);
    }
  }

  private static Preparation withKernelLogApart(Preparation preparation) {
    return new Preparation(
        preparation.topology(),
        preparation.facts(),
        preparation.options().withKernelLogApart(),
        preparation.missingImages());
  }

  private UserDirectories user(Map<String, String> more) {
    UserDirectories process = UserDirectories.ofProcess();
    Map<String, String> environment = new HashMap<>(process.environment());
    environment.putAll(more);
    return new UserDirectories(
        environment,
        process.directory(),
        settings.cache().orElse(process.cache()),
        process.runtime());
  }

  /** The instance that all equal specifications share; it may not be started yet. */
  SharedInstance shared(TopologySpec spec) {
    return shared.computeIfAbsent(spec, key -> new SharedInstance());
  }

  /** The network that tests with equal specifications each want as it was when it was ready. */
  FreshNetwork fresh(TopologySpec spec) {
    return fresh.computeIfAbsent(spec, key -> new FreshNetwork());
  }

  @Override
  public void close() {
    shared.values().forEach(SharedInstance::close);
    fresh.values().forEach(FreshNetwork::close);
    files.close();
  }

  /** What is configured for a whole test run. */
  record Settings(boolean required, Optional<Path> cache) {

    private static final String REQUIRED_VARIABLE = "TOPOLOGY_REQUIRED";

    static Settings of(ExtensionContext context) {
      return new Settings(
          context
              .getConfigurationParameter(TopologyExtension.REQUIRED)
              .or(() -> Optional.ofNullable(System.getenv(REQUIRED_VARIABLE)))
              .filter(Settings::isYes)
              .isPresent(),
          context
              .getConfigurationParameter(TopologyExtension.CACHE)
              .map(path -> Path.of(path).toAbsolutePath()));
    }

    /** Any value sets it but a blank one, {@code false} and {@code 0}. */
    private static boolean isYes(String value) {
      return !value.isBlank() && !value.equalsIgnoreCase("false") && !value.equals("0");
    }
  }

  /** An instance that is launched once, at the first request. Thread-safe. */
  static final class SharedInstance implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private Optional<LaunchedTopology> launched = Optional.empty();

    /** Launches it, or waits for another thread that does. A refused launch is tried again. */
    LaunchedTopology launch(Prepared.Startable prepared) throws IOException, InterruptedException {
      lock.lockInterruptibly();
      try {
        if (launched.isEmpty()) {
          launched =
              Optional.of(LaunchedTopology.launch(prepared.launcher(), prepared.preparation()));
        }
        return launched.get();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        launched.ifPresent(LaunchedTopology::close);
        launched = Optional.empty();
      } finally {
        lock.unlock();
      }
    }
  }
}
