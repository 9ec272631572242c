/**
 * The promises of the README, each with a test that tries to break it with real processes. Each has
 * a short run, and a long one with {@code mvn verify -Psoak}.
 */
@NullMarked
package dev.topology.promises;

import org.jspecify.annotations.NullMarked;
