/**
 * The {@code topology} command: a class for each verb, and the exit statuses.
 *
 * <p>{@link dev.topology.cli.Main} parses the command line and runs the {@link
 * dev.topology.cli.Verb} that it names, {@link dev.topology.cli.Failure} turns an exception into a
 * message and an exit status. The only package that uses picocli or exits. Imports everything but
 * {@code junit}.
 */
@NullMarked
package dev.topology.cli;

import org.jspecify.annotations.NullMarked;
