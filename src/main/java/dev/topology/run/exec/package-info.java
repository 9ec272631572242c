/**
 * Commands that are run in a guest: by our agent, with streams, or by a QEMU guest agent.
 *
 * <p>{@code Shell} runs one and waits for it; an {@code Execution} is one that runs, with its
 * streams; {@code StartCommands} runs those before a node is ready. Imports {@code model}, {@code
 * run.node}, {@code plan}, {@code plan.qemu}, {@code plan.guest}, {@code console}, {@code posix}.
 */
@NullMarked
package dev.topology.run.exec;

import org.jspecify.annotations.NullMarked;
