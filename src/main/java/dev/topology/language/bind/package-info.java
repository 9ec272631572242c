/**
 * From a piece of a tree, a node or a cable, to the record of {@code document} that it fills: by
 * Jackson, with deserializers made from the table of keys, and judged by Bean Validation. What is
 * wrong with it is reported in the words of the language.
 *
 * <p>The only place that knows how to bind and judge. Imports {@code source}, {@code value}, {@code
 * document} and {@code yaml}.
 */
@NullMarked
package dev.topology.language.bind;

import org.jspecify.annotations.NullMarked;
