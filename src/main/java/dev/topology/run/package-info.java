/**
 * Supervision: brings the nodes of a plan up, decides what follows from what happens to them, and
 * ends the run.
 *
 * <p>One thread decides everything; every other thread only hands it signals. So exactly one
 * failure is the first. What runs is in the packages below: {@code run.node} (a QEMU and its
 * sockets), {@code run.cable} (shapers and captures), {@code run.exec} (commands in guests).
 * Imports those and what they import, never {@code language}, {@code image} or {@code host}.
 */
@NullMarked
package dev.topology.run;

import org.jspecify.annotations.NullMarked;
