package dev.topology.language.load;

import dev.topology.language.document.NodeDocument;

/**
 * Keys of a node as they were written in one place: at the node, in its group, in the defaults.
 *
 * @param tree where they are
 * @param keys what they say
 */
record Layer(Tree tree, NodeDocument keys) {}
