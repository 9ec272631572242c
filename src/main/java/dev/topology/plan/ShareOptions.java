package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.model.SharedDirectory;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.NodePlan.Confinement;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.guest.ShareFileSystem;
import java.util.Optional;

/**
 * By which file systems the directories of a node can be shared: what its host can serve, and the
 * kernel that it boots has. All of a node's are shared by the same one.
 */
record ShareOptions(Node node, HostFacts facts) {

  /** The best one; empty if there is none. */
  Optional<ShareFileSystem> best() {
    if (virtiofsObstacle().isEmpty()) {
      return Optional.of(ShareFileSystem.VIRTIOFS);
    }
    return plan9Obstacle().isEmpty() ? Optional.of(ShareFileSystem.NINE_P) : Optional.empty();
  }

  /**
   * The best one.
   *
   * @throws PlanException if there is none; says why, and what can be done
   */
  ShareFileSystem require() throws PlanException {
    Optional<ShareFileSystem> best = best();
    if (best.isPresent()) {
      return best.get();
    }
    throw new PlanException(
        "node \"%s\" shares directories, which cannot be done here. By virtiofs: %s. By 9p: %s. %s"
            .formatted(
                node.name(),
                virtiofsObstacle().orElseThrow(),
                plan9Obstacle().orElseThrow(),
                remedy()));
  }

  private String remedy() {
    String virtiofsd = "Install virtiofsd (`topology doctor` says how)";
    return has(ShareFileSystem.NINE_P) || !facts().of(node.architecture()).qemu().has9p()
        ? virtiofsd + "."
        : virtiofsd
            + ", or build the image with a kernel that has 9p: `topology image build "
            + node.boot().image().orElse("NAME")
            + " --kernel generic`.";
  }

  private Optional<String> virtiofsObstacle() {
    Optional<Virtiofsd> program = facts.sharing().virtiofsd();
    if (program.isEmpty()) {
      return Optional.of(facts.sharing().reason());
    }
    if (!has(ShareFileSystem.VIRTIOFS)) {
      return Optional.of(lacking(ShareFileSystem.VIRTIOFS));
    }
    return node.shares().stream()
        .filter(it -> !it.writable() && !program.get().canBeReadOnly())
        .map(
            it ->
                "%s has no --readonly for %s, and %s"
                    .formatted(program.get().path(), it.hostPath(), facts.sharing().reason()))
        .findFirst();
  }

  /**
   * A QEMU of root's that is not confined could be made to make devices of the host, and to open
   * them.
   */
  private Optional<String> plan9Obstacle() {
    GuestFacts guests = facts.of(node.architecture());
    if (!guests.qemu().has9p()) {
      return Optional.of(guests.qemu().path() + " was built without it");
    }
    if (!has(ShareFileSystem.NINE_P)) {
      return Optional.of(lacking(ShareFileSystem.NINE_P));
    }
    return node.shares().stream().anyMatch(SharedDirectory::writable)
        ? Confinement.obstacle(node, guests)
            .map(
                why ->
                    "a share with `write: true` takes a QEMU that is kept to its own files: " + why)
        : Optional.empty();
  }

  private boolean has(ShareFileSystem wanted) {
    return image().map(it -> it.shareFileSystems().contains(wanted)).orElse(true);
  }

  private String lacking(ShareFileSystem wanted) {
    return "the kernel of the guest image \"%s\" does not have %s"
        .formatted(node.boot().image().orElse(""), wanted);
  }

  /** The image whose kernel it boots; nothing is known of one of the user's own. */
  private Optional<BootableImage> image() {
    return node.boot().kernel().isPresent()
        ? Optional.empty()
        : node.boot().image().map(facts.of(node.architecture()).images()::get);
  }
}
