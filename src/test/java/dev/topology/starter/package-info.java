/** Tests of the files to start from. */
@NullMarked
package dev.topology.starter;

import org.jspecify.annotations.NullMarked;
