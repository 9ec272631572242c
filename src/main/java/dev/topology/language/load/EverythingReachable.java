package dev.topology.language.load;

import jakarta.validation.Path;
import jakarta.validation.TraversableResolver;
import java.lang.annotation.ElementType;
import org.jspecify.annotations.Nullable;

/** Lets Bean Validation look everywhere. The default one searches the class path for JPA. */
final class EverythingReachable implements TraversableResolver {

  @Override
  public boolean isReachable(
      @Nullable Object object,
      Path.Node property,
      Class<?> rootType,
      Path path,
      ElementType elementType) {
    return true;
  }

  @Override
  public boolean isCascadable(
      @Nullable Object object,
      Path.Node property,
      Class<?> rootType,
      Path path,
      ElementType elementType) {
    return true;
  }
}
