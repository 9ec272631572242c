package dev.topology.language.load;

import dev.topology.source.Location;

/**
 * A node as another part of the topology names it.
 *
 * @param name of the node, which there may not be
 * @param place where it is named: for one of many, where all of them are
 */
record NodeReference(String name, Location place) {}
