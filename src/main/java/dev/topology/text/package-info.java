/**
 * Text for people and for shells: quantities as people read them, and arguments as a POSIX shell
 * reads them. Imports the JDK only.
 */
@NullMarked
package dev.topology.text;

import org.jspecify.annotations.NullMarked;
