/** Tests of recordings, without guests. */
@NullMarked
package dev.topology.capture;

import org.jspecify.annotations.NullMarked;
