package dev.topology.language.load;

import dev.topology.language.document.NodeDocument;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.HostFiles.State;
import dev.topology.language.value.ContainerName;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.yaml.Report;
import dev.topology.model.Architecture;
import dev.topology.model.Memory;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the files of the host that a topology names are there, and what they should be; and
 * whether those of {@code files} can be laid over a guest's own. Each file is looked at once.
 */
final class HostFileCheck {

  private static final Set<State> WRITTEN = EnumSet.of(State.ANY, State.FILE, State.MISSING);
  private static final Set<State> EITHER = EnumSet.of(State.ANY, State.FILE, State.DIRECTORY);

  /** Memory that Linux and the image's own initramfs take. */
  private static final long BASE_BYTES = Memory.ofMebibytes(60).bytes();

  /**
   * Memory that files need, by their size: they are in an initramfs, which is there twice while
   * Linux unpacks it, and Linux gives its file system half of what is left then. Measured with the
   * built-in image: 20 MiB of files need 112 MiB, 80 need 297, 200 about 650.
   */
  private static final int MEMORY_PER_BYTE = 3;

  private static final long STEP_MEBIBYTES = 32;

  private final HostFiles files;
  private final HostPath.Base paths;
  private final Architecture ofHost;
  private final Report report;
  private final Map<Path, State> seen = new HashMap<>();
  private final Map<Path, FileContent> contents = new HashMap<>();

  /** Files that are read, and what each is: the topology file, kernels, files of guests. */
  private final Map<Object, String> inputs = new HashMap<>();

  /** Files that captures go to, and where they are named. */
  private final Map<Object, Location> outputs = new HashMap<>();

  /**
   * @param self the topology's own file, or a name that no file has
   */
  HostFileCheck(
      HostFiles files, HostPath.Base paths, Path self, Architecture ofHost, Report report) {
    inputs.put(files.identityOf(self), "this topology file itself");
    this.files = files;
    this.paths = paths;
    this.ofHost = ofHost;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
    draft.cables().forEach(this::check);
    draft.nodes().values().forEach(this::checkOverlay);
    draft.nodes().values().forEach(this::checkOverlaySize);
  }

  private void check(NodeDraft node) {
    NodeDocument keys = node.keys();
    reads(keys.kernel(), "the kernel of node " + Quote.of(node.name()));
    reads(keys.initramfs(), "the initramfs of node " + Quote.of(node.name()));
    check(keys.kernel(), State.WITH_A_FILE, "a kernel", node.locate("kernel"));
    checkContent(
        keys.kernel(),
        node.locate("kernel"),
        it -> kernelFlaw(it, node.architecture().orElse(ofHost)));
    check(keys.initramfs(), State.WITH_A_FILE, "an initramfs", node.locate("initramfs"));
    checkContent(keys.initramfs(), node.locate("initramfs"), HostFileCheck::initramfsFlaw);
    Optional.ofNullable(keys.image())
        .filter(ImageReference::isDirectory)
        .ifPresent(it -> checkImage(it.text(), node.locate("image")));
    Optional.ofNullable(keys.image())
        .flatMap(ImageReference::container)
        .filter(ContainerName.InFiles.class::isInstance)
        .map(it -> ((ContainerName.InFiles) it).path())
        .ifPresent(it -> check(it, EITHER, "a container image", node.locate("image")));
    Objects.requireNonNullElse(keys.files(), Map.<String, HostPath>of())
        .forEach(
            (guestPath, hostPath) -> {
              check(hostPath, EITHER, "a file or directory", node.locate("files", guestPath));
              reads(hostPath, "in the files of node " + Quote.of(node.name()));
            });
  }

  private void reads(@Nullable HostPath path, String what) {
    if (path != null) {
      inputs.putIfAbsent(files.identityOf(paths.resolve(path)), what);
    }
  }

  private void checkImage(String image, Location place) {
    HostPath path = new HostPath(image);
    Path directory = paths.resolve(path);
    seen.computeIfAbsent(directory, files::stateOf)
        .mistake(
            State.WITH_A_DIRECTORY,
            directory,
            "a directory with an image",
            path.isRelative(),
            place)
        .map(
            it ->
                seen.get(directory) == State.MISSING
                    ? ContainerName.hint(image).map(it::hint).orElse(it)
                    : it)
        .ifPresent(report::add);
    if (seen.get(directory) != State.DIRECTORY) {
      return;
    }
    for (String part : List.of("kernel", "initramfs")) {
      inputs.putIfAbsent(
          files.identityOf(directory.resolve(part)), "part of the image " + Quote.of(image));
      if (!State.WITH_A_FILE.contains(
          seen.computeIfAbsent(directory.resolve(part), files::stateOf))) {
        report.add(
            Diagnostic.of(
                    DiagnosticId.HOST_FILE, place, directory + " has no file \"" + part + "\"")
                .hint("a guest image is a directory with a kernel and an initramfs"));
      }
    }
  }

  /** A capture is written: its directory must exist, and nothing of value may be overwritten. */
  private void check(CableDraft cable) {
    HostPath capture = cable.capture().orElse(null);
    if (capture != null) {
      Path file = paths.resolve(capture);
      Path directory = Objects.requireNonNull(file.resolveSibling(""));
      Location place = cable.locate("capture");
      checkPath(
          directory,
          capture.isRelative(),
          State.WITH_A_DIRECTORY,
          "a directory to write to",
          place);
      checkPath(file, false, WRITTEN, "a file to write to", place);
      loss(file).ifPresent(flaw -> report.add(flaw.at(file, place)));
      checkOtherCaptures(capture, place);
    }
  }

  /** What would be lost if a capture were written there. */
  private Optional<Flaw> loss(Path file) {
    String input = inputs.get(files.identityOf(file));
    if (input != null) {
      return Optional.of(new Flaw("is " + input, Optional.of("a capture needs a file of its own")));
    }
    if (files.isLink(file)) {
      return Optional.of(
          new Flaw(
              "is a symbolic link, not a file to write to",
              Optional.of("name the file that it leads to")));
    }
    boolean isOther =
        seen.get(file) == State.FILE
            && switch (contents.computeIfAbsent(file, files::contentOf)) {
              case UNKNOWN, EMPTY, CAPTURE -> false;
              case KERNEL, IMAGE, ARCHIVE, PROGRAM, OTHER -> true;
            };
    return isOther
        ? Optional.of(
            new Flaw(
                "is there already, and is no capture",
                Optional.of("name another file, or remove this one")))
        : Optional.empty();
  }

  private void checkOtherCaptures(HostPath capture, Location place) {
    Location first = outputs.putIfAbsent(files.identityOf(paths.resolve(capture)), place);
    if (first != null) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.CAPTURE_TAKEN_TWICE,
                  place,
                  "another cable captures into " + Quote.of(capture.text()) + " already")
              .related("first given here:", first));
    }
  }

  private void check(@Nullable HostPath path, Set<State> wanted, String what, Location place) {
    if (path != null) {
      checkPath(paths.resolve(path), path.isRelative(), wanted, what, place);
    }
  }

  private void checkPath(
      Path path, boolean isRelative, Set<State> wanted, String what, Location place) {
    seen.computeIfAbsent(path, files::stateOf)
        .mistake(wanted, path, what, isRelative, place)
        .ifPresent(report::add);
  }

  private void checkContent(
      @Nullable HostPath written, Location place, Function<FileContent, Optional<Flaw>> judge) {
    if (written != null && seen.get(paths.resolve(written)) == State.FILE) {
      Path path = paths.resolve(written);
      judge
          .apply(contents.computeIfAbsent(path, files::contentOf))
          .ifPresent(flaw -> report.add(flaw.at(path, place)));
    }
  }

  /** What is wrong with the content of a file, and what may have been meant. */
  private record Flaw(String complaint, Optional<String> hint) {

    Diagnostic at(Path path, Location place) {
      return Diagnostic.of(DiagnosticId.HOST_FILE, place, path + " " + complaint).hint(hint);
    }
  }

  private static Optional<Flaw> kernelFlaw(FileContent content, Architecture architecture) {
    FileContent wanted =
        switch (architecture) {
          case AMD64 -> FileContent.KERNEL;
          case ARM64 -> FileContent.IMAGE;
        };
    return switch (content) {
      case UNKNOWN -> Optional.empty();
      case KERNEL, IMAGE ->
          content == wanted
              ? Optional.empty()
              : Optional.of(
                  new Flaw(
                      "is a kernel, but none of " + architecture, Optional.of("see \"arch\"")));
      case EMPTY -> flaw("is empty");
      case ARCHIVE ->
          Optional.of(
              new Flaw(
                  "is an archive, as an initramfs is, not a kernel",
                  Optional.of("did you mean \"initramfs\"?")));
      case PROGRAM -> flaw("is a program, or for another processor, not a kernel");
      case CAPTURE -> flaw("is a capture of packets, not a kernel");
      case OTHER ->
          flaw(
              switch (architecture) {
                case AMD64 -> "is neither a bzImage nor an ELF kernel for x86-64";
                case ARM64 -> "is no Image of arm64";
              });
    };
  }

  /** An unknown content may still be one: a file system image, for an old kernel. */
  private static Optional<Flaw> initramfsFlaw(FileContent content) {
    return switch (content) {
      case UNKNOWN, ARCHIVE, OTHER -> Optional.empty();
      case EMPTY -> flaw("is empty");
      case KERNEL, IMAGE ->
          Optional.of(
              new Flaw("is a kernel, not an initramfs", Optional.of("did you mean \"kernel\"?")));
      case PROGRAM -> flaw("is a program, not an initramfs");
      case CAPTURE -> flaw("is a capture of packets, not an initramfs");
    };
  }

  private static Optional<Flaw> flaw(String complaint) {
    return Optional.of(new Flaw(complaint, Optional.empty()));
  }

  /** No file can be below another file, as in a directory. */
  private void checkOverlay(NodeDraft node) {
    Map<String, HostPath> overlay = Objects.requireNonNullElse(node.keys().files(), Map.of());
    for (String guestPath : overlay.keySet()) {
      fileAbove(guestPath, overlay).ifPresent(it -> report.add(below(it, guestPath, node)));
    }
  }

  /** The file of the overlay that a guest's path lies below. A directory is no obstacle. */
  private Optional<String> fileAbove(String guestPath, Map<String, HostPath> overlay) {
    return Stream.iterate(parent(guestPath), it -> !it.isEmpty(), HostFileCheck::parent)
        .filter(it -> isFile(overlay.get(it)))
        .findFirst();
  }

  private boolean isFile(@Nullable HostPath hostPath) {
    return hostPath != null && seen.get(paths.resolve(hostPath)) == State.FILE;
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

  /** A node needs memory to unpack its files into. */
  private void checkOverlaySize(NodeDraft node) {
    NodeDocument keys = node.keys();
    Map<String, HostPath> laid = keys.files();
    if (laid == null || laid.isEmpty()) {
      return;
    }
    Memory memory = node.memory();
    long bytes = laid.values().stream().mapToLong(it -> files.sizeOf(paths.resolve(it))).sum();
    long needed = BASE_BYTES + MEMORY_PER_BYTE * bytes;
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
