/** Tests of how a tree is bound to records. */
@NullMarked
package dev.topology.language.bind;

import org.jspecify.annotations.NullMarked;
