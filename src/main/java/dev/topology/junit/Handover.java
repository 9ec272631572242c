package dev.topology.junit;

import dev.topology.run.UnknownNameException;
import java.lang.reflect.Field;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Hands what runs in a scope to the parameters and fields of a test. */
final class Handover {

  private final TestScope scope;
  private final ExtensionContext context;
  private final Predicate<Placement> isWanted;

  Handover(TestScope scope, ExtensionContext context) {
    this(scope, context, placement -> true);
  }

  private Handover(TestScope scope, ExtensionContext context, Predicate<Placement> isWanted) {
    this.scope = scope;
    this.context = context;
    this.isWanted = isWanted;
  }

  /** The same, but leaves out what needs a topology where there is none yet. */
  Handover whereThereIsATopology() {
    return new Handover(
        scope, context, placement -> !placement.needsTopology() || scope.topology().isPresent());
  }

  /**
   * What a parameter or field is to hold.
   *
   * @throws ExtensionConfigurationException if there is nothing of the kind
   */
  Object valueFor(Placement placement) throws InterruptedException {
    if (!placement.needsTopology()) {
      TestRun testRun = TestRun.of(context);
      return new TopologyStarter(
          scope, testRun.files(), context.getRequiredTestClass().getClassLoader());
    }
    return placement.valueOf(
        scope
            .topology()
            .orElseThrow(
                () ->
                    new ExtensionConfigurationException(
                        "no topology was started here: put @WithTopology on the class or method")));
  }

  void toStaticFields(Class<?> testClass) throws InterruptedException {
    fill(testClass, null, ModifierSupport::isStatic);
  }

  void toFields(Object testInstance) throws InterruptedException {
    fill(testInstance.getClass(), testInstance, ModifierSupport::isNotStatic);
  }

  private void fill(Class<?> type, @Nullable Object owner, Predicate<Field> which)
      throws InterruptedException {
    for (Field field :
        ReflectionSupport.findFields(
            type, which.and(Placement::isOurs), HierarchyTraversalMode.TOP_DOWN)) {
      fill(field, owner);
    }
  }

  private void fill(Field field, @Nullable Object owner) throws InterruptedException {
    Placement placement = new Placement(field.getType(), field);
    if (!isWanted.test(placement)) {
      return;
    }
    if (ModifierSupport.isFinal(field)) {
      throw new ExtensionConfigurationException("a final field cannot be filled: " + field);
    }
    try {
      field.setAccessible(true);
      field.set(owner, valueFor(placement));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot fill " + field, e);
    } catch (ExtensionConfigurationException | UnknownNameException e) {
      throw new ExtensionConfigurationException("cannot fill " + field + ": " + e.getMessage(), e);
    }
  }
}
