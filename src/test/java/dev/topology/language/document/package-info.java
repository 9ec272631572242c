/** Tests of the table of keys. */
@NullMarked
package dev.topology.language.document;

import org.jspecify.annotations.NullMarked;
