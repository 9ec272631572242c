/**
 * The {@code topology} command: its subcommands, what they print, and the exit status. The only
 * package that prints or exits. May import everything but {@code junit}.
 */
@NullMarked
package dev.topology.cli;

import org.jspecify.annotations.NullMarked;
