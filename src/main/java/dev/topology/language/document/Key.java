package dev.topology.language.document;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What there is to say about a key, to editors, to readers, and to whoever got it wrong. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {

  /** What it means, in a sentence or two of Markdown. */
  String value();

  /** A value as it is written in YAML. */
  String example();

  /**
   * The value that means the same as leaving the key out, as it is written in YAML, if any does.
   */
  String byDefault() default "";

  /** What holds where the key is left out, in a few words, if no value says it. */
  String without() default "none";

  /** Whether there must be a value. */
  boolean required() default false;

  /** Whether the items of the list differ from each other. */
  boolean distinct() default false;

  /** Keys that the documents in it cannot have, though others of their kind can. */
  String[] never() default {};

  /** How many items the list has at most. */
  int most() default Integer.MAX_VALUE;
}
