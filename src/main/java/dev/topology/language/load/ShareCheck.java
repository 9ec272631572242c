package dev.topology.language.load;

import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.HostFiles.State;
import dev.topology.language.value.HostPath;
import dev.topology.language.yaml.Report;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether the directories that nodes share are there, are not the whole host, and hide nothing that
 * every guest needs.
 */
final class ShareCheck {

  /** What is in them is no files, but the host itself: its disks, devices and processes. */
  private static final List<Path> WHOLE_HOST =
      List.of(Path.of("/"), Path.of("/dev"), Path.of("/proc"), Path.of("/sys"));

  /** A guest does not come up when they are hidden. */
  private static final Set<String> NEEDED =
      Set.of("/bin", "/etc", "/lib", "/lib64", "/run", "/sbin", "/usr");

  /** Nor when anything in them is. */
  private static final List<String> NEEDED_WHOLLY =
      List.of("/dev/", "/proc/", "/sys/", "/etc/topology/", "/run/topology/");

  private final HostFiles files;
  private final HostPath.Base paths;
  private final Report report;

  ShareCheck(HostFiles files, HostPath.Base paths, Report report) {
    this.files = files;
    this.paths = paths;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  private void check(NodeDraft node) {
    for (Map.Entry<String, SharedDirectoryDocument> share : node.shares().entrySet()) {
      String guestPath = share.getKey();
      if (isNeeded(guestPath)) {
        report.add(
            Diagnostic.of(
                    DiagnosticId.UNFIT_SHARE,
                    node.locateKey("shares", guestPath),
                    "a share at " + Quote.of(guestPath) + " would hide what every guest needs")
                .hint("share at a place of its own, such as /srv"));
      }
      HostPath host = share.getValue().host();
      if (host != null) {
        check(host, node.locateShared(guestPath));
      }
    }
  }

  private static boolean isNeeded(String guestPath) {
    return NEEDED.contains(guestPath)
        || NEEDED_WHOLLY.stream().anyMatch(it -> (guestPath + "/").startsWith(it));
  }

  private void check(HostPath written, Location place) {
    Path path = paths.resolve(written);
    Object identity = files.identityOf(path);
    if (WHOLE_HOST.stream().anyMatch(it -> files.identityOf(it).equals(identity))) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.UNFIT_SHARE,
                  place,
                  "a share of " + Quote.of(written.text()) + " would open this host to the guest")
              .hint("share the directory that the guest needs"));
      return;
    }
    files
        .stateOf(path)
        .mistake(State.WITH_A_DIRECTORY, path, "a directory to share", written.isRelative(), place)
        .ifPresent(report::add);
  }
}
