/**
 * One node that runs: its QEMU's process, the sockets between it and this program, and the threads
 * that read them.
 *
 * <p>{@code NodeRun} is one QEMU, {@code NodePorts} the host's ends of its sockets, {@code
 * NodeWatch} reads them. All of it ends with that QEMU. A node that is restarted gets another of
 * each. What a reader finds out goes to {@code NodeSignals}; nothing is decided here. Imports
 * {@code plan}, {@code plan.qemu}, {@code plan.guest}, {@code posix}, {@code console}, {@code
 * image.initramfs}, {@code model}.
 */
@NullMarked
package dev.topology.run.node;

import org.jspecify.annotations.NullMarked;
