/**
 * The values that a topology file can hold: sizes, times, shares, rates, ports, addresses, names,
 * paths and texts.
 *
 * <p>{@link dev.topology.language.value.ValueType} is the table of all kinds: how each is written
 * (as a pattern for editors and in words for people), and the one function that parses it into its
 * type. A text that does not parse gives the message for the user. Nothing behind this package
 * parses a text again.
 *
 * <p>Imports {@code source} and {@code model}.
 */
@NullMarked
package dev.topology.language.value;

import org.jspecify.annotations.NullMarked;
