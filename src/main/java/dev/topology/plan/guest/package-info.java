/**
 * The conversation with a guest over its control port, {@code topology.control}: the lines that
 * tell it who it is, and the lines it answers. What the lines mean; nothing here reads or writes a
 * port. Imports {@code model}, {@code console} for the filter of what guests say, and the JDK.
 */
@NullMarked
package dev.topology.plan.guest;

import org.jspecify.annotations.NullMarked;
