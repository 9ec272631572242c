/** Files that nobody would write, and what must hold of them all the same. */
@NullMarked
package dev.topology.fuzz;

import org.jspecify.annotations.NullMarked;
