package dev.topology.load;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A value of a key as it is written in YAML, to show to whoever got its type wrong. */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface Example {

  String value();
}
