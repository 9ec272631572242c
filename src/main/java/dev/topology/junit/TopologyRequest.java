package dev.topology.junit;

import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What a class or method was annotated with, prepared once for all of its invocations. Thread-safe.
 */
final class TopologyRequest {

  private static final String BOTH_OR_NEITHER =
      "@WithTopology needs either a file (value) or a static method that builds a topology (method)";

  private final WithTopology annotation;
  private final Class<?> testClass;
  private final TestRun testRun;
  private @Nullable TopologySpec spec;
  private @Nullable Prepared prepared;

  private TopologyRequest(WithTopology annotation, Class<?> testClass, TestRun testRun) {
    this.annotation = annotation;
    this.testClass = testClass;
    this.testRun = testRun;
  }

  /** The request of the class or method that a context is about, if it has one. */
  static Optional<TopologyRequest> of(ExtensionContext context) {
    return context.getElement().flatMap(element -> at(element, context));
  }

  /**
   * The request whose topology a context has for itself: its own, but for a class whose methods
   * each have a fresh one; that is the request of the methods without one.
   *
   * @throws ExtensionConfigurationException if a request contradicts itself
   */
  static Optional<TopologyRequest> forScopeOf(ExtensionContext context) {
    Optional<TopologyRequest> own = of(context);
    boolean isOfMethod = context.getTestMethod().isPresent();
    Optional<TopologyRequest> wanted =
        own.isEmpty() && isOfMethod
            ? ofClassAround(context).filter(TopologyRequest::isFresh)
            : own.filter(it -> isOfMethod || !it.isFresh());
    wanted.filter(TopologyRequest::isFresh).ifPresent(TopologyRequest::checkFresh);
    return wanted;
  }

  private static Optional<TopologyRequest> ofClassAround(ExtensionContext context) {
    Optional<ExtensionContext> around = context.getParent();
    return around.isEmpty()
        ? Optional.empty()
        : of(around.get()).or(() -> ofClassAround(around.get()));
  }

  private boolean isFresh() {
    return annotation.fresh();
  }

  private void checkFresh() {
    if (!annotation.awaitReady() || annotation.sharing() == WithTopology.Sharing.RUN) {
      throw new ExtensionConfigurationException(
          "fresh = true is for a topology that is ready, and that no other test has: it does not go with"
              + " awaitReady = false, nor with sharing = RUN");
    }
  }

  private static Optional<TopologyRequest> at(AnnotatedElement element, ExtensionContext context) {
    return AnnotationSupport.findAnnotation(element, WithTopology.class)
        .map(
            annotation ->
                TestRun.keep(
                    context,
                    element,
                    () ->
                        new TopologyRequest(
                            annotation, context.getRequiredTestClass(), TestRun.of(context)),
                    TopologyRequest.class));
  }

  WithTopology annotation() {
    return annotation;
  }

  /** What the annotation asks for. */
  synchronized TopologySpec spec() {
    if (spec == null) {
      spec = TopologySpec.of(source(), annotation);
    }
    return spec;
  }

  private TopologySpec.Source source() {
    if (annotation.value().isEmpty() == annotation.method().isEmpty()) {
      throw new ExtensionConfigurationException(BOTH_OR_NEITHER);
    }
    return annotation.value().isEmpty()
        ? TopologySpec.BuiltBy.named(annotation.method(), testClass)
        : new TopologySpec.InFile(
            testRun.files().find(annotation.value(), testClass.getClassLoader()));
  }

  /** Whether this host can start it. The first call prepares it, which may take long. */
  synchronized Prepared prepared() throws InterruptedException {
    if (prepared == null) {
      prepared = testRun.prepare(spec());
    }
    return prepared;
  }

  /** The result of preparing an spec. */
  sealed interface Prepared {

    /** It can be started, any number of times. */
    record Startable(Launcher launcher, Preparation preparation) implements Prepared {}

    /**
     * This host cannot run it.
     *
     * @param reason why, and what can be done about it
     */
    record Unfit(String reason, Exception cause) implements Prepared {}
  }
}
