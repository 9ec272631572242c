/** Tests of the loader, most of them pairs of files in {@code src/test/resources/corpus}. */
@NullMarked
package dev.topology.load;

import org.jspecify.annotations.NullMarked;
