/**
 * The language: which keys a topology file has, as the records the loader binds, and beside each
 * key what it means, an example and its default.
 *
 * <p>Whoever tells users about the language reads it here, so that what is said is what is read:
 * {@code load} binds and judges these records, {@code schema} turns them into the JSON Schema and
 * the reference. To add a key, add a component to a record, with its {@link
 * dev.topology.language.document.Key}; then write the schema anew. How the text of a {@link
 * dev.topology.language.document.Syntax} is read is {@code load}'s.
 *
 * <p>Imports {@code model}, and the annotations of Jackson and Bean Validation.
 */
@NullMarked
package dev.topology.language.document;

import org.jspecify.annotations.NullMarked;
