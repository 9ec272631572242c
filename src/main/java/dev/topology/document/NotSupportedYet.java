package dev.topology.document;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** A key of the language that would be ignored, and is therefore refused; {@code false} is fine. */
@Target({ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = NotSupportedYet.Check.class)
public @interface NotSupportedYet {

  String message() default "";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Holds the constraint. */
  final class Check implements ConstraintValidator<NotSupportedYet, Object> {

    @Override
    public boolean isValid(@Nullable Object value, ConstraintValidatorContext context) {
      return value == null || value.equals(false);
    }
  }
}
