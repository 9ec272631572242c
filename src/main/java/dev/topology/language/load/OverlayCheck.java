package dev.topology.language.load;

import dev.topology.language.load.HostFiles.State;
import dev.topology.language.value.HostPath;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether no file that is laid over a guest's own is to lie below another one, as in a directory.
 */
final class OverlayCheck {

  private final HostFiles files;
  private final HostPath.Base paths;
  private final Report report;

  OverlayCheck(HostFiles files, HostPath.Base paths, Report report) {
    this.files = files;
    this.paths = paths;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  private void check(NodeDraft node) {
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
}
