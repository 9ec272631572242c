/** Tests of the usual layout. */
@NullMarked
package dev.topology.language.format;

import org.jspecify.annotations.NullMarked;
