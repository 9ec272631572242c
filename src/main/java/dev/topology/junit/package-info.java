/**
 * Topologies in JUnit Jupiter tests: started before a test, handed to it, gone after it.
 *
 * <p>{@link dev.topology.junit.WithTopology} on a class or method names what is to run; {@link
 * dev.topology.junit.StartsTopologies} is for tests that decide it as they go. The rest are
 * annotations that say what a parameter or field is to hold. The only package that knows JUnit,
 * which is an optional dependency: it uses nothing but what is there from 5.13 on and not
 * deprecated in the newest 6. Imports what leads from a file to a running topology ({@code model},
 * {@code load}, {@code plan}, {@code run}, {@code launch}) and the failures on that way ({@code
 * host}, {@code image}); nothing of the command line.
 */
@NullMarked
package dev.topology.junit;

import org.jspecify.annotations.NullMarked;
