package dev.topology.load;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** A text that has an inner structure. Nothing at all is fine as well. */
@Target({ElementType.FIELD, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Form.Check.class)
@interface Form {

  /** The form it must have. */
  Syntax value();

  String message() default "";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Holds the constraint. */
  final class Check implements ConstraintValidator<Form, String> {

    private Syntax syntax = Syntax.TOPOLOGY_NAME;

    @Override
    public void initialize(Form form) {
      syntax = form.value();
    }

    @Override
    public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
      return text == null || syntax.parse(text) instanceof Parsed.Value;
    }
  }
}
