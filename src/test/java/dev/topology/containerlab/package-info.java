/** Tests of imports from containerlab. */
@NullMarked
package dev.topology.containerlab;

import org.jspecify.annotations.NullMarked;
