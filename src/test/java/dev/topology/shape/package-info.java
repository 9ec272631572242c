/** Tests of the shaper, over real sockets. */
@NullMarked
package dev.topology.shape;

import org.jspecify.annotations.NullMarked;
