/**
 * From the text of a topology file to a {@link dev.topology.model.Topology}, or to the full list of
 * what is wrong with it.
 *
 * <p>The way through, in order: {@link dev.topology.language.load.SourceFile} reads text; {@code
 * YamlReader} makes a positioned {@code Tree} of it; {@code DocumentReader} cuts the tree into
 * nodes and cables and has {@code Binder} bind each to a record of {@code document} and judge it;
 * the checks of {@code Draft} look at what the parts say about each other; {@code Assembly} builds
 * the model. Only the reader knows YAML: what {@link dev.topology.language.load.TopologyBuilder}
 * was told in Java becomes such a tree too, whose places are lines of the calling code, and goes
 * the same way from there.
 *
 * <p>The only place that knows YAML and how to bind and judge. Imports {@code source}, {@code
 * model}, {@code document} and {@code capture}, for how a capture begins.
 */
@NullMarked
package dev.topology.language.load;

import org.jspecify.annotations.NullMarked;
