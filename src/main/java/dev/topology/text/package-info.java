/**
 * Text for people, shells and programs: quantities as people read them, arguments as a POSIX shell
 * reads them, and JSON. Imports the JDK, and Jackson's streams and tree.
 */
@NullMarked
package dev.topology.text;

import org.jspecify.annotations.NullMarked;
