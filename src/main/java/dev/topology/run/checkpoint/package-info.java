/**
 * A whole run at one moment: how all of it is brought to a standstill, with nothing on its way that
 * is not in hand, and what of it is kept.
 *
 * <p>Knows the nodes and cables of a run ({@code run.node}, {@code run.cable}), and nothing of who
 * decides about them. What may be saved, and when, {@code run} knows.
 */
@NullMarked
package dev.topology.run.checkpoint;

import org.jspecify.annotations.NullMarked;
