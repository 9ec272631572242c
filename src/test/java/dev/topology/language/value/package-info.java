/** Tests of the values of the language. */
@NullMarked
package dev.topology.language.value;

import org.jspecify.annotations.NullMarked;
