package dev.topology.run.node;

import dev.topology.image.initramfs.InitramfsOverlay.AddedFile;
import dev.topology.plan.NodePlan.InitramfsOverlay;
import dev.topology.posix.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes the initramfs of a node that has {@code files}. */
final class Overlay {

  /** What files are laid over where a node boots a kernel without an initramfs. */
  private static final Path NOTHING = Path.of("/dev/null");

  private Overlay() {}

  static void write(InitramfsOverlay overlay) {
    List<AddedFile> files =
        overlay.files().stream()
            .map(file -> new AddedFile(file.guestPath(), file.hostPath()))
            .toList();
    try {
      dev.topology.image.initramfs.InitramfsOverlay.write(
          overlay.base().orElse(NOTHING), files, overlay.result());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot lay its files over its initramfs: " + Reasons.of(e),
          "see that the files can be read and that there is room in "
              + overlay.result().getParent(),
          e);
    }
  }
}
