/**
 * Pictures of a topology: as SVG, for people; as Mermaid and DOT, for other programs.
 *
 * <p>A {@link dev.topology.graph.NetworkGraph} is what is to be shown, a {@link
 * dev.topology.graph.Picture} where everything goes: rings and full meshes on an ellipse, anything
 * else in tiers by ELK's layered algorithm. Pure: the same graph gives the same picture. May import
 * {@code model} only, and is the only user of the Eclipse Layout Kernel.
 */
@NullMarked
package dev.topology.graph;

import org.jspecify.annotations.NullMarked;
