/**
 * From a topology and the facts of a host to the exact things to do: which socketpairs to make,
 * which argument list each QEMU gets, which end of which socket goes to which child under which
 * number.
 *
 * <p>Pure: no I/O, clock, randomness or environment. The same topology on the same host facts gives
 * the same plan, to the byte. Imports {@code plan.guest}, {@code plan.qemu}, {@code model}, {@code
 * source} and {@code text}.
 */
@NullMarked
package dev.topology.plan;

import org.jspecify.annotations.NullMarked;
