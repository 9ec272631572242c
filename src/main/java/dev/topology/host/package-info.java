/**
 * What this machine offers, found out by trying: which QEMU, whether a guest really runs on KVM,
 * how fast the time stamp counter counts, how many nodes there is room for.
 *
 * <p>Everything starts at {@link dev.topology.host.Host}. Nothing is examined before it is asked
 * for, and results of slow probes are cached. Imports {@code plan}, {@code plan.qemu}, {@code
 * text}, {@code model}, {@code posix}, Jackson and the JDK.
 */
@NullMarked
package dev.topology.host;

import org.jspecify.annotations.NullMarked;
