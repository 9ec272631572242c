/**
 * The shaper in the middle of a cable that is not a plain wire: frames in at one end, and out at
 * the other, later, fewer, or not quite the same.
 *
 * <p>{@link dev.topology.shape.CableShaper} is one thread between two datagram sockets. It never
 * waits for a guest: it reads whatever comes, and drops what it has no room for. What becomes of a
 * frame is decided by {@code Fate}, when it comes out by {@code Direction}. Imports {@code model},
 * {@code posix} and {@code capture}.
 */
@NullMarked
package dev.topology.shape;

import org.jspecify.annotations.NullMarked;
