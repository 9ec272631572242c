/** Tests of positions and of how diagnostics are printed. */
@NullMarked
package dev.topology.source;

import org.jspecify.annotations.NullMarked;
