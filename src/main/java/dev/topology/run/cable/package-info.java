/**
 * What this program does to a cable: its shaper, and captures of it.
 *
 * <p>{@code CableShaper} is one thread between two datagram sockets. It never waits for a guest: it
 * reads what comes, and drops what it has no room for. {@code Impairments} decides what is done to
 * a frame, {@code Direction} when it comes out. {@code Capture} writes frames to a file or a stream
 * by a thread of its own, and drops those that it has no room for; {@code Dump} reads those that
 * QEMU sees of a cable without a shaper. Imports {@code run.node}, {@code plan}, {@code plan.qemu},
 * {@code posix}, {@code model}.
 */
@NullMarked
package dev.topology.run.cable;

import org.jspecify.annotations.NullMarked;
