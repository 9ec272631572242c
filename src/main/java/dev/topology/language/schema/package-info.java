/**
 * What the language's records say of themselves, for editors and for readers: the JSON Schema, and
 * the reference of every key.
 *
 * <p>Both are made of {@code document}, the very records the loader binds, and are published in the
 * folder {@code schema} beside the sources, where a test holds them equal to what is made here.
 * Imports {@code document} and {@code model}.
 */
@NullMarked
package dev.topology.language.schema;

import org.jspecify.annotations.NullMarked;
