package dev.topology.language.load;

import java.util.Optional;

/** Where a tree comes from: the text of a file, or a builder. */
@FunctionalInterface
interface TreeSource {

  /** The tree; empty if there is none, which is reported, as is what is wrong with it. */
  Optional<Tree> read(Report report);
}
