/**
 * Descriptors, socketpairs, processes and signals: what the JDK cannot do, and the only place that
 * calls the C library.
 *
 * <p>{@link dev.topology.posix.SocketPair} makes the two ends of a cable or a channel, {@link
 * dev.topology.posix.Spawn} starts a program with exactly the descriptors it is given, {@link
 * dev.topology.posix.ChildProcess} tells how it ended, and {@link dev.topology.posix.Reaper} sees
 * to it that nothing outlives this JVM, however it dies. Descriptor numbers do not leave this
 * package.
 *
 * <p>May import the JDK and jnr. The C library is called through jffi, the layer under jnr-ffi:
 * jnr-ffi writes classes when it starts and takes three times as long to make the first call, and
 * jnr-posix six times. Nothing native is loaded before the first descriptor is made. Written for
 * Linux on 64-bit machines.
 */
@NullMarked
package dev.topology.posix;

import org.jspecify.annotations.NullMarked;
