/**
 * A plan carried out: processes, their consoles and conversations, readiness, outcomes, teardown.
 *
 * <p>One coordinator thread owns all that changes; every reader thread only hands it signals. So
 * the order of things is decided in one place, and the first failure is well defined. Imports
 * {@code plan}, {@code posix}, {@code console}, {@code guest}, {@code initramfs}, {@code qemu},
 * {@code model}; never {@code load}, {@code image} or {@code host}.
 */
@NullMarked
package dev.topology.run;

import org.jspecify.annotations.NullMarked;
