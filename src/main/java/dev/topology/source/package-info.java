/** Positions in a user's file, and what is wrong there, as values. Imports the JDK only. */
@NullMarked
package dev.topology.source;

import org.jspecify.annotations.NullMarked;
