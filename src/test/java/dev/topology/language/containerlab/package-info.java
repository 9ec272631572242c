/** Tests of imports from containerlab. */
@NullMarked
package dev.topology.language.containerlab;

import org.jspecify.annotations.NullMarked;
