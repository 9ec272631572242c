/**
 * The {@code topology} command: its subcommands, its exit statuses, and how it looks in a terminal.
 *
 * <p>The only package that prints or exits, that knows colours, and that knows plans and
 * diagnostics as JSON. Imports everything but {@code junit}.
 */
@NullMarked
package dev.topology.cli;

import org.jspecify.annotations.NullMarked;
