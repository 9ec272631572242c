package dev.topology.junit;

import dev.topology.junit.TopologyRequest.Prepared;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.opentest4j.TestAbortedException;

/**
 * Brings topologies up for tests; {@link WithTopology} is the contract.
 *
 * <p>It has no state. What runs for a class or an invocation of a method is in its {@link
 * TestScope}, which JUnit closes when that class or invocation is over.
 */
final class TopologyExtension
    implements ExecutionCondition,
        BeforeAllCallback,
        TestInstancePostProcessor,
        BeforeEachCallback,
        ParameterResolver,
        InvocationInterceptor,
        TestExecutionExceptionHandler,
        AfterEachCallback,
        AfterAllCallback {

  /** Configuration parameter: a host that cannot run guests fails tests instead of skipping. */
  static final String REQUIRED = "topology.required";

  /** Configuration parameter: the directory of guest images and of facts about the host. */
  static final String CACHE = "topology.cache";

  private static final ConditionEvaluationResult ENABLED =
      ConditionEvaluationResult.enabled("nothing is known that would keep it from running");

  /**
   * A condition, since JUnit reports what it disables as skipped, with the reason. What is wrong
   * with the topology itself is no reason to skip: it comes up again when it is to be started.
   */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<TopologyRequest> request = TopologyRequest.of(context);
    if (request.isEmpty() || TestRun.of(context).settings().required()) {
      return ENABLED;
    }
    try {
      return request.get().prepared() instanceof Prepared.Unfit unfit
          ? ConditionEvaluationResult.disabled(unfit.reason())
          : ENABLED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ENABLED;
    } catch (RuntimeException comesUpAgain) {
      return ENABLED;
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    TestScope scope = TestScope.of(context);
    new Injection(scope, context).toStaticFields(context.getRequiredTestClass());
  }

  /** An instance that serves the whole class is filled early, for its {@code @BeforeAll}. */
  @Override
  public void postProcessTestInstance(Object testInstance, ExtensionContext context)
      throws IOException, InterruptedException {
    if (context.getTestInstanceLifecycle().filter(Lifecycle.PER_CLASS::equals).isPresent()) {
      new Injection(TestScope.of(context), context).whereThereIsATopology().toFields(testInstance);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException, InterruptedException {
    TestScope scope = TestScope.of(context);
    scope.requireUnfailed();
    Injection injection = new Injection(scope, context);
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      injection.toFields(instance);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return Injection.isFor(parameter.getParameter());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    try {
      return new Injection(TestScope.of(context), context).valueFor(parameter.getParameter());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a topology was brought up", e);
    } catch (IOException e) {
      throw new IllegalStateException("a topology could not be started: " + e.getMessage(), e);
    }
  }

  @Override
  public void interceptBeforeAllMethod(
      Invocation<@Nullable Void> code,
      ReflectiveInvocationContext<Method> invocation,
      ExtensionContext context)
      throws Throwable {
    var unused = run(code, context);
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> code,
      ReflectiveInvocationContext<Method> invocation,
      ExtensionContext context)
      throws Throwable {
    var unused = run(code, context);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> code,
      ReflectiveInvocationContext<Method> invocation,
      ExtensionContext context)
      throws Throwable {
    var unused = run(code, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> code,
      ReflectiveInvocationContext<Method> invocation,
      ExtensionContext context)
      throws Throwable {
    var unused = run(code, context);
  }

  @Override
  public <T> T interceptTestFactoryMethod(
      Invocation<T> code, ReflectiveInvocationContext<Method> invocation, ExtensionContext context)
      throws Throwable {
    return run(code, context);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> code,
      DynamicTestInvocationContext invocation,
      ExtensionContext context)
      throws Throwable {
    var unused = run(code, context);
  }

  /** What runs after a test is left alone, since it cleans up. */
  private static <T> T run(Invocation<T> code, ExtensionContext context) throws Throwable {
    Optional<TestScope> scope = TestScope.nearest(context);
    return scope.isPresent() ? scope.get().run(code) : code.proceed();
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    Optional<TestScope> scope = TestScope.at(context);
    if (scope.isPresent()) {
      scope.get().explain(failure);
    }
    throw failure;
  }

  /** A node may also fail once the test's own code is over, and what comes after it runs. */
  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    Optional<TestScope> scope = TestScope.at(context);
    if (scope.isEmpty() || context.getExecutionException().isPresent()) {
      publishIfFailed(context);
      return;
    }
    Optional<TopologyFailedException> failure = scope.get().failure();
    if (failure.isPresent()) {
      scope.get().publishTo(context);
      throw failure.get();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    publishIfFailed(context);
  }

  private static void publishIfFailed(ExtensionContext context) {
    boolean failed =
        context
            .getExecutionException()
            .filter(problem -> !(problem instanceof TestAbortedException))
            .isPresent();
    if (failed) {
      TestScope.at(context).ifPresent(scope -> scope.publishTo(context));
    }
  }
}
