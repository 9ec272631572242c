/**
 * The terminal of the {@code topology} command: what it can show, colours, live rows at the bottom,
 * raw mode, its size, standard input, and the signals that stop a command.
 *
 * <p>The only package that writes to standard output and standard error, all of it through {@link
 * dev.topology.cli.terminal.Terminal}. Knows nothing of topologies. Imports {@code console}, {@code
 * posix} and {@code text}.
 */
@NullMarked
package dev.topology.cli.terminal;

import org.jspecify.annotations.NullMarked;
