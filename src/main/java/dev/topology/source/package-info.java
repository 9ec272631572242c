/** Positions in a user's file, and what is wrong there, as values. Imports {@code text}. */
@NullMarked
package dev.topology.source;

import org.jspecify.annotations.NullMarked;
