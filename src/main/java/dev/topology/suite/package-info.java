/**
 * The tests in topology files: each on a network of its own, many at once, and what came of them.
 *
 * <p>{@link dev.topology.suite.TestRunner} decides which test runs when; {@link
 * dev.topology.suite.TestNetwork} is what one of them has for itself; {@code StepRun} carries its
 * steps out. A {@link dev.topology.suite.TestResult} is fit to be shown as it is. Prints nothing
 * and knows no exit codes.
 */
@NullMarked
package dev.topology.suite;

import org.jspecify.annotations.NullMarked;
