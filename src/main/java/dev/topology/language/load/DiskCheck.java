package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.DISK_FILE;
import static dev.topology.source.DiagnosticId.DISK_SETTINGS;
import static dev.topology.source.DiagnosticId.DISK_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.DUPLICATE_ENTRY;
import static dev.topology.source.DiagnosticId.HOST_FILE;
import static dev.topology.source.DiagnosticId.TOO_MANY_DISKS;

import dev.topology.disk.DiskFile;
import dev.topology.disk.DiskFileException;
import dev.topology.language.bind.Keys;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.HostFiles.State;
import dev.topology.language.value.HostPath;
import dev.topology.language.yaml.Report;
import dev.topology.model.Disk;
import dev.topology.model.Disk.DiskBus;
import dev.topology.model.Disk.Mode;
import dev.topology.model.Disk.Source;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the disks of nodes can be what they are said to be, and no file is written by one node
 * while another uses it.
 */
final class DiskCheck {

  private static final String DISKS = "disks";

  /** A disk that uses a file, and whether it writes it. */
  private record Use(String node, Location place, boolean writes) {}

  private final HostFiles files;
  private final HostPath.Base paths;
  private final Report report;
  private final Map<Object, List<Use>> uses = new HashMap<>();
  private final Set<Location> clashes = new HashSet<>();

  DiskCheck(HostFiles files, HostPath.Base paths, Report report) {
    this.files = files;
    this.paths = paths;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  /** The disks of a node whose keys were found to be good. */
  static List<Disk> disks(@Nullable List<@Nullable DiskDocument> written, HostPath.Base paths) {
    List<Disk> disks = new ArrayList<>();
    for (DiskDocument each : Objects.requireNonNullElse(written, List.<DiskDocument>of())) {
      DiskDocument keys = Objects.requireNonNull(each);
      HostPath file = keys.file();
      Source source =
          file == null
              ? new Source.Empty(Objects.requireNonNull(keys.size()))
              : source(keys, paths.resolve(file));
      disks.add(
          new Disk(
              nameOf(keys, disks.size()), source, busOf(keys), Optional.ofNullable(keys.mount())));
    }
    return disks;
  }

  private static String nameOf(DiskDocument keys, int index) {
    return Objects.requireNonNullElse(keys.name(), "disk" + (index + 1));
  }

  private static DiskBus busOf(DiskDocument keys) {
    return Objects.requireNonNullElse(keys.bus(), DiskBus.VIRTIO);
  }

  private static Source.OfFile source(DiskDocument keys, Path file) {
    return new Source.OfFile(
        file,
        Objects.requireNonNullElse(keys.mode(), Mode.OVERLAY),
        Optional.ofNullable(keys.format()),
        Objects.requireNonNullElse(keys.backing(), false),
        Optional.ofNullable(keys.size()));
  }

  private void check(NodeDraft node) {
    List<@Nullable DiskDocument> disks = node.disks();
    if (disks.size() > Node.MAX_DISKS) {
      report.add(
          Diagnostic.of(
              TOO_MANY_DISKS,
              node.locateNear(DISKS, Node.MAX_DISKS),
              "a node has room for " + Node.MAX_DISKS + " disks, not " + disks.size()));
    }
    Map<String, Location> names = new HashMap<>();
    Map<String, Location> mounts = new HashMap<>();
    Map<DiskBus, Integer> plugged = new EnumMap<>(DiskBus.class);
    for (int index = 0; index < disks.size(); index++) {
      DiskDocument keys = disks.get(index);
      if (keys != null) {
        if (plugged.merge(busOf(keys), 1, Integer::sum) == busOf(keys).room() + 1) {
          tooManyOn(busOf(keys), at(node, index, "bus"));
        }
        checkOnce(names, nameOf(keys, index), "a disk of the name ", at(node, index, "name"));
        if (keys.mount() != null) {
          checkOnce(mounts, keys.mount(), "a disk mounted at ", at(node, index, "mount"));
        }
        checkSettings(node, index, keys);
        HostPath file = keys.file();
        if (file != null) {
          checkFile(node, index, source(keys, paths.resolve(file)), file.isRelative());
        }
      }
    }
  }

  private void tooManyOn(DiskBus bus, Location place) {
    if (bus.room() < Node.MAX_DISKS) {
      report.add(
          Diagnostic.of(
                  TOO_MANY_DISKS,
                  place,
                  "a node has room for %d disks with \"bus: %s\"".formatted(bus.room(), bus))
              .hint("\"bus: scsi\" and \"bus: nvme\" have room for more"));
    }
  }

  private static Location at(NodeDraft node, int index, String key) {
    return node.locateNear(DISKS, index, key);
  }

  private void checkOnce(Map<String, Location> seen, String text, String what, Location place) {
    Location first = seen.putIfAbsent(text, place);
    if (first != null) {
      report.add(
          Diagnostic.of(
                  DUPLICATE_ENTRY, place, "this node has " + what + Quote.of(text) + " already")
              .related("first given here:", first));
    }
  }

  private void checkSettings(NodeDraft node, int index, DiskDocument keys) {
    if (keys.file() == null) {
      checkOfFile(node, index, "mode", keys.mode());
      checkOfFile(node, index, "format", keys.format());
      checkOfFile(node, index, "backing", keys.backing());
      if (keys.size() == null && !isHidden(node, index)) {
        settings(
            node.locateNear(DISKS, index),
            "this disk has neither a file nor a size",
            "such as \"file: data.qcow2\" or \"size: 1GiB\"");
      }
    } else if (keys.size() != null && keys.mode() != null && keys.mode() != Mode.OVERLAY) {
      settings(
          at(node, index, "size"),
          "a disk in mode " + keys.mode() + " has the size of its file",
          "\"qemu-img resize FILE SIZE\" makes the file larger");
    }
    if (keys.mode() == Mode.READ && !busOf(keys).hasReadOnlyDisks()) {
      settings(
          at(node, index, "mode"),
          "a disk with \"bus: " + busOf(keys) + "\" is always one that can be written to",
          "\"mode: overlay\" leaves the file as it is, too");
    }
    if (keys.backing() != null && keys.backing() && keys.format() == Disk.Format.RAW) {
      settings(
          at(node, index, "backing"),
          "a raw disk has no backing file",
          "leave \"backing\" out, or say \"format: qcow2\"");
    }
  }

  private void checkOfFile(NodeDraft node, int index, String key, @Nullable Object value) {
    if (value != null) {
      settings(
          at(node, index, key),
          Quote.of(key) + " is about a file, which this disk does not have",
          "a disk without a file is empty, and gone with the run");
    }
  }

  /** Whether a mistake that was reported hides what the disk is. */
  private static boolean isHidden(NodeDraft node, int index) {
    return node.trees(DISKS, index)
        .anyMatch(
            disk ->
                Stream.of("file", "size")
                    .anyMatch(
                        key ->
                            disk.get(key).isPresent()
                                || Keys.isMeant(key, DiskDocument.class, disk)));
  }

  private void settings(Location place, String message, String hint) {
    report.add(Diagnostic.of(DISK_SETTINGS, place, message).hint(hint));
  }

  private void checkFile(NodeDraft node, int index, Source.OfFile source, boolean isRelative) {
    Location place = at(node, index, "file");
    Optional<Diagnostic> mistake =
        files
            .stateOf(source.path())
            .mistake(
                State.WITH_A_DISK,
                source.path(),
                "a file that holds a disk, or a block device",
                isRelative,
                place);
    if (mistake.isPresent()) {
      report.add(mistake.get());
      return;
    }
    if (source.mode() == Mode.WRITE && !files.isWritable(source.path())) {
      report.add(
          Diagnostic.of(HOST_FILE, place, source.path() + " cannot be written")
              .hint("\"mode: overlay\" keeps what the guest writes beside the run"));
    }
    note(source.path(), new Use(node.name(), place, source.mode() == Mode.WRITE));
    try {
      files.diskAt(source).ifPresent(it -> checkDisk(node, index, it));
    } catch (DiskFileException e) {
      report.add(Diagnostic.of(DISK_FILE, place, source.path() + " " + e.why()).hint(e.remedy()));
    }
  }

  private void checkDisk(NodeDraft node, int index, DiskFile disk) {
    Location place = at(node, index, "file");
    for (DiskFile it = disk.backing().orElse(null); it != null; it = it.backing().orElse(null)) {
      note(it.path(), new Use(node.name(), place, false));
    }
    Memory size = Objects.requireNonNull(node.disks().get(index)).size();
    if (size != null && size.bytes() < disk.bytes()) {
      settings(
          at(node, index, "size"),
          "this disk has %s already, more than %s".formatted(new Memory(disk.bytes()), size),
          "a size can make a disk larger, not smaller");
    }
  }

  /** One file by two names, or by a link, is one file. */
  private void note(Path path, Use use) {
    List<Use> others = uses.computeIfAbsent(files.identityOf(path), it -> new ArrayList<>());
    others.stream()
        .filter(it -> it.writes() || use.writes())
        .findFirst()
        .filter(it -> clashes.add(use.place()))
        .ifPresent(it -> report.add(clash(path, it, use)));
    others.add(use);
  }

  private static Diagnostic clash(Path path, Use first, Use second) {
    String one =
        first.node().equals(second.node())
            ? "another disk of this node"
            : "node " + Quote.of(first.node());
    String message =
        first.writes()
            ? one + " writes to " + path + (second.writes() ? " as well" : "")
            : one + " reads " + path + ", which this disk writes to";
    return Diagnostic.of(DISK_TAKEN_TWICE, second.place(), message)
        .hint("\"mode: overlay\" for all of them keeps what each writes apart")
        .related("first given here:", first.place());
  }
}
