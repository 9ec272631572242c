package dev.topology.plan;

import java.nio.file.Path;

/**
 * A guest that was saved, in two files. None of them is ever written to again: guests that go on
 * have the first one mapped.
 *
 * @param memory its RAM, as large as that, of which each guest that goes on gets pages of its own
 *     where it writes; absolute
 * @param state all else that is in its machine, as QEMU writes and reads it; absolute
 */
public record SavedGuest(Path memory, Path state) {}
