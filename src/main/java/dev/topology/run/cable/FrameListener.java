package dev.topology.run.cable;

import dev.topology.posix.NativeBlock;

/** Sees the frames that pass one end of a cable. */
interface FrameListener {

  /** Nobody looks. */
  FrameListener NONE = (memory, offset, length) -> {};

  /** A frame passes now. Must not block, and not keep the memory. */
  void passes(NativeBlock memory, int offset, int length);
}
