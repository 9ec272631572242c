/** Tests of the loader, most of them pairs of files in {@code src/test/resources/corpus}. */
@NullMarked
package dev.topology.language.load;

import org.jspecify.annotations.NullMarked;
