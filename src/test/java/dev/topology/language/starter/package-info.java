/** Tests of the files to start from. */
@NullMarked
package dev.topology.language.starter;

import org.jspecify.annotations.NullMarked;
