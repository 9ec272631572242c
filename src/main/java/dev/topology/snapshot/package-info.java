/**
 * Guests that were saved at their first word, kept in the user's cache so that others like them
 * need not boot.
 *
 * <p>What a snapshot may be used for is in its key: everything that could change the guest up to
 * that word. It knows nothing of names, addresses or ports, which guests are told after it.
 */
@NullMarked
package dev.topology.snapshot;

import org.jspecify.annotations.NullMarked;
