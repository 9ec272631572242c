/** Tests of the values that can be wrong in more than one way. */
@NullMarked
package dev.topology.model;

import org.jspecify.annotations.NullMarked;
