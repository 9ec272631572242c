package dev.topology.language.load;

import jakarta.validation.MessageInterpolator;
import java.util.Locale;

/**
 * Leaves messages as they are: {@link Judge} words them itself, from the constraint. The default
 * one needs an expression language on the class path, and loads resource bundles at start.
 */
final class NoMessages implements MessageInterpolator {

  @Override
  public String interpolate(String template, Context context) {
    return template;
  }

  @Override
  public String interpolate(String template, Context context, Locale locale) {
    return template;
  }
}
