package dev.topology.plan;

import java.util.Optional;

/** How a node's guest comes to run. */
public sealed interface Start {

  /** The guest from which it goes on, if it does not boot. */
  default Optional<SavedGuest> from() {
    return Optional.empty();
  }

  /** It boots. */
  record Booted() implements Start {}

  /** It boots, and stops at its first word: it is not told who it is, and can be saved. */
  record Untold() implements Start {}

  /**
   * It goes on from where another guest was saved.
   *
   * @param booting by which its node starts where the snapshot was removed meanwhile
   */
  record Cloned(Snapshot snapshot, NodePlan booting) implements Start {

    @Override
    public Optional<SavedGuest> from() {
      return Optional.of(snapshot.guest());
    }
  }

  /**
   * It goes on from where it was itself when its whole run was saved.
   *
   * @param guest what was saved
   * @param again by which it is started if it is restarted
   */
  record Restored(SavedGuest guest, NodePlan again) implements Start {

    @Override
    public Optional<SavedGuest> from() {
      return Optional.of(guest);
    }
  }
}
