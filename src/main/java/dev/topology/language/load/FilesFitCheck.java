package dev.topology.language.load;

import dev.topology.language.document.NodeDocument;
import dev.topology.language.value.HostPath;
import dev.topology.model.Memory;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import java.util.Map;

/**
 * Whether the files of a node fit into its memory: they are in an initramfs, which is there twice
 * while Linux unpacks it, and Linux gives half of what is left then to its file system.
 *
 * <p>Measured with the built-in image: 20 MiB of files need 112 MiB, 80 need 297, 200 about 650.
 */
final class FilesFitCheck {

  /** What Linux takes, and the image's own initramfs. */
  private static final long BESIDES = Memory.ofMebibytes(60).bytes();

  private static final int TIMES = 3;
  private static final long STEP_MEBIBYTES = 32;

  private final HostFiles files;
  private final HostPath.Base paths;
  private final Report report;

  FilesFitCheck(HostFiles files, HostPath.Base paths, Report report) {
    this.files = files;
    this.paths = paths;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  private void check(NodeDraft node) {
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
