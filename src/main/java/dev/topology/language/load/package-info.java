/**
 * From the text of a topology file to a {@link dev.topology.model.Topology}, or to the full list of
 * what is wrong with it.
 *
 * <p>The way through, in order: {@link dev.topology.language.yaml.SourceFile} reads text; {@code
 * YamlReader} makes a positioned {@code Tree} of it; {@code DocumentReader} cuts the tree into
 * nodes and cables and has {@code Binder} bind each to a record of {@code document}; the checks of
 * {@code Draft} look at what the parts say about each other; {@code Assembly} builds the model. The
 * calls of a {@link dev.topology.language.load.TopologyBuilder} make such a tree too, whose places
 * are lines of the calling code, and it goes the same way from there.
 *
 * <p>Every value is typed from {@code Binder} on: nothing here parses a text. Imports {@code
 * source}, {@code model} and the packages of the language before it.
 */
@NullMarked
package dev.topology.language.load;

import org.jspecify.annotations.NullMarked;
