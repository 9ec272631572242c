/**
 * Topology files to start from: a {@link dev.topology.language.starter.Shape} of a network, its
 * dimensions, and the commented file that describes it, addresses and static routes included.
 *
 * <p>Pure: no I/O, clock or randomness; the same shape and dimensions give the same text. Imports
 * the JDK only.
 */
@NullMarked
package dev.topology.language.starter;

import org.jspecify.annotations.NullMarked;
