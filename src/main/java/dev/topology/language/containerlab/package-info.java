/**
 * Translates files of containerlab into topology files: nodes and links become nodes and cables,
 * and what has no counterpart is reported, with its place.
 *
 * <p>{@link dev.topology.language.containerlab.Import} is the way in. The file's form is described
 * at containerlab.dev/manual/topo-def-file and /manual/nodes. Imports {@code source}, {@code model}
 * and {@code value}.
 */
@NullMarked
package dev.topology.language.containerlab;

import org.jspecify.annotations.NullMarked;
