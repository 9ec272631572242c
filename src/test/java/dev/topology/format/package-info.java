/** Tests of the usual layout. */
@NullMarked
package dev.topology.format;

import org.jspecify.annotations.NullMarked;
