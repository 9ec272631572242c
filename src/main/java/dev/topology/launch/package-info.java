/**
 * The one way from a file to a running topology, for the command line, tests and programs alike:
 * load, find the images, look at the host, plan, run.
 *
 * <p>What it takes from the environment comes in as a value, {@link UserDirectories}. Imports
 * everything but {@code control}, {@code cli} and {@code junit}.
 */
@NullMarked
package dev.topology.launch;

import org.jspecify.annotations.NullMarked;
