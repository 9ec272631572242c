package dev.topology.load;

import dev.topology.document.NodeDocument;
import dev.topology.load.HostFiles.State;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the files of the host that a topology names are there. Each is looked at once. */
final class HostFileCheck {

  private static final Set<State> FILE = EnumSet.of(State.ANY, State.FILE);
  private static final Set<State> DIRECTORY = EnumSet.of(State.ANY, State.DIRECTORY);
  private static final Set<State> EITHER = EnumSet.of(State.ANY, State.FILE, State.DIRECTORY);

  private final HostFiles files;
  private final HostPaths paths;
  private final Report report;
  private final Map<Path, State> seen = new HashMap<>();

  HostFileCheck(HostFiles files, HostPaths paths, Report report) {
    this.files = files;
    this.paths = paths;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
    draft.cables().forEach(this::check);
  }

  private void check(NodeDraft node) {
    NodeDocument keys = node.keys();
    check(keys.kernel(), FILE, "a kernel", node.locate("kernel"));
    check(keys.initramfs(), FILE, "an initramfs", node.locate("initramfs"));
    Optional.ofNullable(keys.image())
        .filter(Names::isDirectory)
        .ifPresent(it -> check(it, DIRECTORY, "a directory with an image", node.locate("image")));
    Objects.requireNonNullElse(keys.files(), Map.<String, String>of())
        .forEach(
            (guestPath, hostPath) ->
                check(hostPath, EITHER, "a file or directory", node.locate("files", guestPath)));
  }

  /** A capture is written, not read: its directory must be there. */
  private void check(CableDraft cable) {
    String capture = cable.capture().orElse(null);
    if (capture != null) {
      Path directory = Objects.requireNonNull(paths.resolve(capture).resolveSibling(""));
      Location place = cable.locate("capture");
      checkPath(directory, paths.isRelative(capture), DIRECTORY, "a directory to write to", place);
    }
  }

  private void check(@Nullable String text, Set<State> wanted, String what, Location place) {
    if (text != null) {
      checkPath(paths.resolve(text), paths.isRelative(text), wanted, what, place);
    }
  }

  private void checkPath(
      Path path, boolean isRelative, Set<State> wanted, String what, Location place) {
    State state = seen.computeIfAbsent(path, files::stateOf);
    if (!wanted.contains(state)) {
      report.add(
          Diagnostic.of(DiagnosticId.HOST_FILE, place, path + " " + complaint(state, what))
              .hint(hint(state, isRelative)));
    }
  }

  private static Optional<String> hint(State state, boolean isRelative) {
    return state == State.MISSING && isRelative
        ? Optional.of("relative paths start where the topology file is")
        : Optional.empty();
  }

  private static String complaint(State state, String what) {
    return switch (state) {
      case MISSING -> "does not exist";
      case UNREADABLE -> "cannot be read";
      case DIRECTORY -> "is a directory, not " + what;
      case FILE -> "is a file, not " + what;
      case SPECIAL, ANY -> "is not " + what;
    };
  }
}
