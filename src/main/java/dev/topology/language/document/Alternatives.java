package dev.topology.language.document;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Keys of a document of which one is given at most. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Alternatives {

  /** The keys. */
  String[] value();

  /** Whether one of them must be given. */
  boolean required() default false;
}
