package dev.topology.language.document;

import dev.topology.language.value.ValueType;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key of the language: the component of a document record that has this annotation.
 *
 * <p>The binder, the messages, the JSON Schema and the reference read it. What Bean Validation is
 * to judge (the range of a number, the size of a list) is said with its own annotations beside it.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {

  /** What it means, in a sentence or two of Markdown. */
  String value();

  /** A value as it is written in YAML. */
  String example();

  /** The key as it is written, if it is not the component's name in snake case. */
  String name() default "";

  /** What kind of text its value is, or each item of its list, or each value of its map. */
  ValueType type() default ValueType.TEXT;

  /** What kind of text the keys of its map are. */
  ValueType keys() default ValueType.TEXT;

  /**
   * The value that means the same as leaving the key out, as it is written in YAML, if there is
   * one.
   */
  String byDefault() default "";

  /** What holds where the key is left out, in a few words, if no value says it. */
  String without() default "none";

  /** Whether there must be a value. */
  boolean required() default false;

  /** Whether a single item may stand for a list of one. */
  boolean single() default false;

  /** Whether the items of the list differ from each other. */
  boolean distinct() default false;

  /** Keys that the documents in it cannot have, though others of their kind can. */
  String[] never() default {};

  /** Most items of the list. */
  int most() default Integer.MAX_VALUE;

  /** Keys of a document of which one is given at most. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface Alternatives {

    /** The keys. */
    String[] value();

    /** Whether one of them must be given. */
    boolean required() default false;
  }
}
