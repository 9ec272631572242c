package dev.topology.junit;

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
 * and those that its starter started. It stands on the bench of what is around it, whose topology
 * is its own as long as it has no other. Closing it closes what it launched, latest first.
 */
final class Bench implements AutoCloseable {

  private final TestRun testRun;
  private final Optional<Bench> around;
  private final Deque<Instance> own = new ConcurrentLinkedDeque<>();

  /** Those of the own that a test started and waited for, which have to stay well. */
  private final Set<Instance> started = ConcurrentHashMap.newKeySet();

  /** Code that runs here now. */
  private final Set<TestBody> bodies = ConcurrentHashMap.newKeySet();

  private volatile Optional<Seat> seat = Optional.empty();

  /** The instance that tests are handed, and whether it has to be well. */
  private record Seat(Instance instance, boolean mustBeWell) {}

  private Bench(TestRun testRun, Optional<Bench> around) {
    this.testRun = testRun;
    this.around = around;
  }

  /**
   * That of the class or invocation a context is about. The first call starts what it is annotated
   * with, and blocks until that is ready.
   */
  static Bench of(ExtensionContext context) throws IOException, InterruptedException {
    Optional<Bench> known = at(context);
    return known.isPresent() ? known.get() : setUp(context);
  }

  /** That of the class or invocation a context is about, if it was set up. */
  static Optional<Bench> at(ExtensionContext context) {
    return Optional.ofNullable(
        context.getStore(TestRun.NAMESPACE).get(context.getUniqueId(), Bench.class));
  }

  /** That of a context or the nearest one around it which has one. */
  static Optional<Bench> nearest(ExtensionContext context) {
    return at(context).or(() -> context.getParent().flatMap(Bench::nearest));
  }

  private static Bench setUp(ExtensionContext context) throws IOException, InterruptedException {
    Bench bench = new Bench(TestRun.of(context), context.getParent().flatMap(Bench::nearest));
    // First, so that JUnit closes it whatever happens.
    context.getStore(TestRun.NAMESPACE).put(context.getUniqueId(), bench);
    Optional<Wish> wish = Wish.of(context);
    if (wish.isPresent()) {
      bench.take(wish.get());
    }
    return bench;
  }

  /** Starts what an annotation asks for, and waits until it is ready if that is wanted. */
  private void take(Wish wish) throws IOException, InterruptedException {
    WithTopology wanted = wish.annotation();
    Prepared.Startable startable = startable(wish.prepared());
    Instance instance =
        wanted.sharing() == WithTopology.Sharing.RUN
            ? testRun.shared(wish.order()).launch(startable)
            : launch(startable);
    seat = Optional.of(new Seat(instance, wanted.awaitReady()));
    if (wanted.awaitReady()) {
      instance.awaitReady(Duration.ofSeconds(readyWithin(wanted)));
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
  Instance launch(Order order) throws IOException, InterruptedException {
    return launch(startable(testRun.prepare(order)));
  }

  private Instance launch(Prepared.Startable prepared) throws IOException {
    Instance instance = Instance.launch(prepared.launcher(), prepared.preparation());
    own.push(instance);
    return instance;
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

  private Optional<Seat> nearest() {
    return seat.or(() -> around.flatMap(Bench::nearest));
  }

  /** A topology that was launched here is ready, and has to stay well from now on. */
  void keepWell(Instance instance) {
    started.add(instance);
    bodies.forEach(instance::interruptOnFailure);
  }

  /** All that have to be well for the tests here. */
  private Set<Instance> needed() {
    Set<Instance> all = new LinkedHashSet<>();
    nearest().filter(Seat::mustBeWell).ifPresent(it -> all.add(it.instance()));
    for (Optional<Bench> bench = Optional.of(this); bench.isPresent(); bench = bench.get().around) {
      all.addAll(bench.get().started);
    }
    return all;
  }

  /** Fails if a topology has to be well, and a node of it has failed. */
  void requireWell() throws InterruptedException {
    Optional<TopologyFailedException> failure = failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** The failure of a topology that has to be well, whatever the test's thread was told. */
  Optional<TopologyFailedException> failure() throws InterruptedException {
    boolean interrupted = Thread.interrupted();
    try {
      for (Instance instance : needed()) {
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
   * Runs code of a test, which is interrupted when a topology that has to be well fails. That
   * failure is then the test's, and what the code threw because of it is suppressed.
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
    requireWell();
    return result;
  }

  private static Throwable withSuppressed(Throwable failure, Throwable consequence) {
    failure.addSuppressed(consequence);
    return failure;
  }

  /** Adds to a test's failure what it may have failed of. */
  void explain(Throwable failure) throws InterruptedException {
    if (failure instanceof TopologyFailedException) {
      return;
    }
    for (Instance instance : instances()) {
      instance.failure().ifPresent(failure::addSuppressed);
    }
  }

  /** Publishes what helps to understand a failure of the test. */
  void publishTo(ExtensionContext context) {
    Map<String, Integer> names = new LinkedHashMap<>();
    for (Instance instance : instances()) {
      String name = instance.topology().topology().name();
      int number = names.merge(name, 1, Integer::sum);
      instance.publishTo(context, number == 1 ? name : name + "-" + number);
    }
  }

  /** All that the tests here can have to do with, in the order in which it was launched. */
  private Set<Instance> instances() {
    Set<Instance> all = new LinkedHashSet<>();
    around.ifPresent(bench -> all.addAll(bench.instances()));
    seat.ifPresent(it -> all.add(it.instance()));
    own.descendingIterator().forEachRemaining(all::add);
    return all;
  }

  @Override
  public void close() {
    Deque<Instance> left = new ArrayDeque<>(own);
    own.clear();
    left.forEach(Instance::close);
  }
}
