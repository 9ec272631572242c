package dev.topology.language.load;

import dev.topology.language.document.NodeDocument;
import dev.topology.language.load.HostFiles.State;
import dev.topology.language.value.HostPath;
import dev.topology.language.yaml.Report;
import dev.topology.model.Memory;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the files of a node can be laid over its own: none below another file, as in a directory;
 * and no more than its memory takes. They are in an initramfs, which is there twice while Linux
 * unpacks it, and Linux gives half of what is left then to its file system.
 *
 * <p>Measured with the built-in image: 20 MiB of files need 112 MiB, 80 need 297, 200 about 650.
 */
final class OverlayCheck {

  /** What Linux takes, and the image's own initramfs. */
  private static final long BESIDES = Memory.ofMebibytes(60).bytes();

  private static final int TIMES = 3;
  private static final long STEP_MEBIBYTES = 32;

  private final HostFiles files;
  private final HostPath.Base paths;
  private final Report report;

  OverlayCheck(HostFiles files, HostPath.Base paths, Report report) {
    this.files = files;
    this.paths = paths;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::checkPlaces);
    draft.nodes().values().forEach(this::checkSize);
  }

  private void checkPlaces(NodeDraft node) {
    Map<String, HostPath> overlay = Objects.requireNonNullElse(node.keys().files(), Map.of());
    for (String guestPath : overlay.keySet()) {
      fileAbove(guestPath, overlay).ifPresent(it -> report.add(below(it, guestPath, node)));
    }
  }

  /** The host's file must be one: a directory takes what is laid over it as well. */
  private Optional<String> fileAbove(String guestPath, Map<String, HostPath> overlay) {
    return Stream.iterate(parent(guestPath), it -> !it.isEmpty(), OverlayCheck::parent)
        .filter(it -> isFile(overlay.get(it)))
        .findFirst();
  }

  private boolean isFile(@Nullable HostPath hostPath) {
    return hostPath != null && files.stateOf(paths.resolve(hostPath)) == State.FILE;
  }

  private static String parent(String guestPath) {
    return guestPath.substring(0, Math.max(0, guestPath.lastIndexOf('/')));
  }

  private static Diagnostic below(String file, String guestPath, NodeDraft node) {
    return Diagnostic.of(
            DiagnosticId.BAD_PATH,
            node.locateKey("files", guestPath),
            Quote.of(guestPath) + " cannot be below " + Quote.of(file) + ", which is a file")
        .related("laid there:", node.locateKey("files", file));
  }

  private void checkSize(NodeDraft node) {
    NodeDocument keys = node.keys();
    Map<String, HostPath> laid = keys.files();
    if (laid == null || laid.isEmpty()) {
      return;
    }
    Memory memory = node.memory();
    long bytes = laid.values().stream().mapToLong(it -> files.sizeOf(paths.resolve(it))).sum();
    long needed = BESIDES + TIMES * bytes;
    if (bytes > 0 && needed > memory.bytes()) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.FILES_NEED_MEMORY,
                  node.locateKey("files"),
                  "these files are %dMiB in all, and the node has %s of memory to unpack them into"
                      .formatted(new Memory(bytes).mebibytes(), memory))
              .hint("it takes about \"memory: " + roundedUp(needed) + "\""));
    }
  }

  private static Memory roundedUp(long bytes) {
    long steps = (new Memory(bytes).mebibytes() + STEP_MEBIBYTES - 1) / STEP_MEBIBYTES;
    return Memory.ofMebibytes(steps * STEP_MEBIBYTES);
  }
}
