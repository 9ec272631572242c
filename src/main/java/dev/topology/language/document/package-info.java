/**
 * The keys of a topology file, as the records that are bound: the component of a key says all there
 * is to say of it (its type, its meaning, an example, its default) in its {@link
 * dev.topology.language.document.Key}.
 *
 * <p>{@link dev.topology.language.document.DocumentType} is the table of a record's keys: {@code
 * load} binds by it, {@code schema} makes the JSON Schema and the reference of it. To add a key,
 * add a component to a record, and write the schema anew.
 *
 * <p>Imports {@code model}, {@code value}, and the annotations of Bean Validation.
 */
@NullMarked
package dev.topology.language.document;

import org.jspecify.annotations.NullMarked;
