/**
 * One topology over many machines: which node goes where.
 *
 * <p>{@link dev.topology.cluster.Placer} divides a topology, by the rules of its file, so that the
 * machines have about the same load and few cables are between them. {@link
 * dev.topology.cluster.Partitioner} knows only numbers: it takes a graph of weighted vertices
 * through coarser and coarser graphs, divides the coarsest, and improves the division on the way
 * back (Karypis and Kumar 1998; Fiduccia and Mattheyses 1982). No library for the JVM divides
 * graphs into balanced parts. Pure: the same topology gives the same placement.
 */
@NullMarked
package dev.topology.cluster;

import org.jspecify.annotations.NullMarked;
