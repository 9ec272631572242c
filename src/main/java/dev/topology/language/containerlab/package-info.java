/**
 * Topology files out of those of containerlab: nodes and links become nodes and cables, and what
 * has no counterpart is told, place by place.
 *
 * <p>{@link dev.topology.language.containerlab.Import} is the way in. The file's form is described
 * at containerlab.dev/manual/topo-def-file and /manual/nodes. Imports {@code source}, {@code model}
 * and {@code value}.
 */
@NullMarked
package dev.topology.language.containerlab;

import org.jspecify.annotations.NullMarked;
