/** Tests of what is published of the language. */
@NullMarked
package dev.topology.language.schema;

import org.jspecify.annotations.NullMarked;
