/** Tests of what is published of the language. */
@NullMarked
package dev.topology.schema;

import org.jspecify.annotations.NullMarked;
