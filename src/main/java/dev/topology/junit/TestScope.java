package dev.topology.junit;

import dev.topology.junit.TopologyRequest.Prepared;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.run.RunningTopology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.opentest4j.TestAbortedException;

/**
 * What runs for one class, or for one invocation of a method: the topology it was annotated with,
 * and those that its starter started. Without a topology of its own it has that of the scope around
 * it. Closing it closes what it launched, latest first.
 */
final class TestScope implements AutoCloseable {

  private final TestRun testRun;
  private final Optional<TestScope> around;
  private final Deque<LaunchedTopology> own = new ConcurrentLinkedDeque<>();

  /** Instances that a test started and waited for, which must not fail. */
  private final Set<LaunchedTopology> started = ConcurrentHashMap.newKeySet();

  /** Code that runs here now. */
  private final Set<TestBody> bodies = ConcurrentHashMap.newKeySet();

  /** The topology of the annotation, if there is one. */
  private volatile Optional<Annotated> annotated = Optional.empty();

  /** The instance that tests are handed, and whether they fail when it does. */
  private record Annotated(LaunchedTopology instance, boolean mustNotFail) {}

  private TestScope(TestRun testRun, Optional<TestScope> around) {
    this.testRun = testRun;
    this.around = around;
  }

  /**
   * The scope of the class or invocation that a context is about. The first call starts what it is
   * annotated with, and blocks until that is ready.
   */
  static TestScope of(ExtensionContext context) throws IOException, InterruptedException {
    Optional<TestScope> known = at(context);
    return known.isPresent() ? known.get() : setUp(context);
  }

  /** The scope of the class or invocation that a context is about, if it was set up. */
  static Optional<TestScope> at(ExtensionContext context) {
    return Optional.ofNullable(
        context.getStore(TestRun.NAMESPACE).get(context.getUniqueId(), TestScope.class));
  }

  /** The scope of a context, or of the nearest one around it that has a scope. */
  static Optional<TestScope> nearest(ExtensionContext context) {
    return at(context).or(() -> context.getParent().flatMap(TestScope::nearest));
  }

  private static TestScope setUp(ExtensionContext context)
      throws IOException, InterruptedException {
    TestScope scope =
        new TestScope(TestRun.of(context), context.getParent().flatMap(TestScope::nearest));
    // Stored before anything is started, so that JUnit closes it in any case.
    context.getStore(TestRun.NAMESPACE).put(context.getUniqueId(), scope);
    Optional<TopologyRequest> request = TopologyRequest.forScopeOf(context);
    if (request.isPresent()) {
      scope.take(request.get(), context);
    }
    return scope;
  }

  /** Starts what an annotation asks for, and waits until it is ready if that is wanted. */
  private void take(TopologyRequest request, ExtensionContext context)
      throws IOException, InterruptedException {
    WithTopology wanted = request.annotation();
    Prepared.Startable startable = startable(request.prepared());
    if (wanted.fresh()) {
      takeFresh(request, startable, context);
      return;
    }
    LaunchedTopology instance =
        wanted.sharing() == WithTopology.Sharing.RUN
            ? testRun.shared(request.spec()).launch(startable)
            : launch(startable);
    annotated = Optional.of(new Annotated(instance, wanted.awaitReady()));
    if (wanted.awaitReady()) {
      instance.awaitReady(Duration.ofSeconds(readyWithin(wanted)));
    }
  }

  /** Brings back what was ready before, or starts and saves it. */
  private void takeFresh(
      TopologyRequest request, Prepared.Startable startable, ExtensionContext context)
      throws IOException, InterruptedException {
    try (FreshNetwork.Turn turn = testRun.fresh(request.spec()).turn()) {
      Preparation wanted = turn.of(startable.preparation());
      LaunchedTopology instance = launch(new Prepared.Startable(startable.launcher(), wanted));
      annotated = Optional.of(new Annotated(instance, /* mustNotFail= */ true));
      instance.awaitReady(Duration.ofSeconds(readyWithin(request.annotation())));
      turn.save(instance)
          .ifPresent(why -> context.publishReportEntry("started anew for each test", why));
    }
  }

  private static int readyWithin(WithTopology wanted) {
    if (wanted.readyWithinSeconds() < 1) {
      throw new ExtensionConfigurationException(
          "readyWithinSeconds must be at least 1, not " + wanted.readyWithinSeconds());
    }
    return wanted.readyWithinSeconds();
  }

  /** Starts a topology beside that of the annotation. Skips the test where the host cannot. */
  LaunchedTopology launch(TopologySpec spec) throws IOException, InterruptedException {
    return launch(prepare(spec));
  }

  private LaunchedTopology launch(Prepared.Startable prepared) throws IOException {
    LaunchedTopology instance =
        LaunchedTopology.launch(prepared.launcher(), prepared.preparation());
    own.push(instance);
    return instance;
  }

  /** All that is needed to start a topology. Skips the test where the host cannot. */
  Prepared.Startable prepare(TopologySpec spec) throws InterruptedException {
    return startable(testRun.prepare(spec));
  }

  private Prepared.Startable startable(Prepared prepared) {
    if (prepared instanceof Prepared.Startable startable) {
      return startable;
    }
    Prepared.Unfit unfit = (Prepared.Unfit) prepared;
    if (testRun.settings().required()) {
      throw new IllegalStateException(
          "this host cannot run topologies, and "
              + TopologyExtension.REQUIRED
              + " says that it must: "
              + unfit.reason(),
          unfit.cause());
    }
    return Assumptions.abort(unfit.reason());
  }

  /** The topology that tests are handed here. */
  Optional<RunningTopology> topology() {
    return nearest().map(it -> it.instance().topology());
  }

  private Optional<Annotated> nearest() {
    return annotated.or(() -> around.flatMap(TestScope::nearest));
  }

  /** From now on, tests here fail if this topology does. */
  void mustNotFail(LaunchedTopology instance) {
    started.add(instance);
    bodies.forEach(instance::interruptOnFailure);
  }

  /** The topologies whose failure fails the tests here. */
  private Set<LaunchedTopology> needed() {
    Set<LaunchedTopology> all = new LinkedHashSet<>();
    nearest().filter(Annotated::mustNotFail).ifPresent(it -> all.add(it.instance()));
    for (Optional<TestScope> scope = Optional.of(this);
        scope.isPresent();
        scope = scope.get().around) {
      all.addAll(scope.get().started);
    }
    return all;
  }

  /** Fails if a topology that must not fail has failed. */
  void requireUnfailed() throws InterruptedException {
    Optional<TopologyFailedException> failure = failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** The failure of a topology that must not fail; an interrupt of the test's thread is kept. */
  Optional<TopologyFailedException> failure() throws InterruptedException {
    boolean interrupted = Thread.interrupted();
    try {
      for (LaunchedTopology instance : needed()) {
        Optional<TopologyFailedException> failure = instance.failure();
        if (failure.isPresent()) {
          return failure;
        }
      }
      return Optional.empty();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Runs code of a test, which is interrupted when a topology that must not fail does. That failure
   * is then the test's, and what the code threw because of it is suppressed.
   */
  <T> T run(InvocationInterceptor.Invocation<T> code) throws Throwable {
    TestBody body = new TestBody();
    bodies.add(body);
    needed().forEach(instance -> instance.interruptOnFailure(body));
    T result;
    try {
      result = code.proceed();
    } catch (TestAbortedException | TopologyFailedException e) {
      throw e;
    } catch (Throwable e) {
      body.end();
      throw failure().map(failure -> withSuppressed(failure, e)).orElse(e);
    } finally {
      body.end();
      bodies.remove(body);
      needed().forEach(instance -> instance.forget(body));
    }
    requireUnfailed();
    return result;
  }

  private static Throwable withSuppressed(Throwable failure, Throwable consequence) {
    failure.addSuppressed(consequence);
    return failure;
  }

  /** Adds to a test's failure the failures of its topologies, which may be the cause. */
  void explain(Throwable failure) throws InterruptedException {
    if (failure instanceof TopologyFailedException) {
      return;
    }
    for (LaunchedTopology instance : instances()) {
      instance.failure().ifPresent(failure::addSuppressed);
    }
  }

  /** Publishes what helps to understand a failure of the test. */
  void publishTo(ExtensionContext context) {
    Map<String, Integer> names = new LinkedHashMap<>();
    for (LaunchedTopology instance : instances()) {
      String name = instance.topology().topology().name();
      int number = names.merge(name, 1, Integer::sum);
      instance.publishTo(context, number == 1 ? name : name + "-" + number);
    }
  }

  /** All topologies that the tests here can use, in the order in which they were launched. */
  private Set<LaunchedTopology> instances() {
    Set<LaunchedTopology> all = new LinkedHashSet<>();
    around.ifPresent(scope -> all.addAll(scope.instances()));
    annotated.ifPresent(it -> all.add(it.instance()));
    own.descendingIterator().forEachRemaining(all::add);
    return all;
  }

  @Override
  public void close() {
    Deque<LaunchedTopology> left = new ArrayDeque<>(own);
    own.clear();
    left.forEach(LaunchedTopology::close);
  }

  /**
   * Code of a test while a thread runs it. It is interrupted when a topology that it needs has
   * failed, so that it does not wait for what cannot happen any more. Thread-safe.
   */
  static final class TestBody {

    private final Thread thread = Thread.currentThread();
    private boolean interrupted;
    private boolean over;

    /** Interrupts the code, unless it is over or was interrupted already. */
    synchronized void interrupt() {
      if (!over && !interrupted && !thread.isInterrupted()) {
        interrupted = true;
        thread.interrupt();
      }
    }

    /**
     * To be called by the code's thread when it is over: no interrupt follows, and one that this
     * sent and that is still pending is cleared.
     */
    synchronized void end() {
      over = true;
      if (interrupted) {
        var unused = Thread.interrupted();
      }
    }
  }
}
