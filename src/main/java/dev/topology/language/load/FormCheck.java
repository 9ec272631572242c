package dev.topology.language.load;

import dev.topology.language.document.Form;
import dev.topology.language.document.Syntax;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.jspecify.annotations.Nullable;

/**
 * Holds texts to the form that a document record asks of them. Public only because Bean Validation
 * makes its instances.
 */
public final class FormCheck implements ConstraintValidator<Form, String> {

  private Syntax syntax = Syntax.TOPOLOGY_NAME;

  @Override
  public void initialize(Form form) {
    syntax = form.value();
  }

  @Override
  public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
    return text == null || Forms.parse(syntax, text) instanceof Parsed.Value;
  }
}
