package dev.topology.image;

import dev.topology.image.BuildListener.PackageDownload;
import dev.topology.image.ImageRecipe.Flavour;
import dev.topology.model.Architecture;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds and downloads packages with the system's own {@code apt-get}, as an ordinary user.
 *
 * <p>apt uses the system's configuration: mirrors, proxies, credentials, signature checks. It gets
 * a package database of our own with nearly nothing installed, so it names every package that the
 * guest needs, whatever the host has. It also gets a cache of our own, so it needs neither root nor
 * a lock.
 */
final class AptGet {

  /**
   * Taken as installed when packages are configured: what only the installation of a kernel needs,
   * and what apt adds by itself.
   */
  static final List<String> NOT_NEEDED_TO_CONFIGURE =
      List.of("apt", "dracut", "initramfs-tools", "kmod", "linux-base", "udev", "usrmerge");

  /** Taken as installed when an image is put together: in addition, what only scripts need. */
  static final List<String> NOT_NEEDED_TO_RUN =
      Stream.concat(
              NOT_NEEDED_TO_CONFIGURE.stream(),
              Stream.of(
                  "adduser",
                  "debconf",
                  "debianutils",
                  "dpkg",
                  "init-system-helpers",
                  "passwd",
                  "ucf"))
          .toList();

  private static final Pattern UNKNOWN =
      Pattern.compile(
          "E: (?:Unable to locate package |Couldn't find any package by \\S+ |Package ')([^'\\s]+)");

  private final Path scratch;
  private final PackageSource source;
  private final HostProgram program;

  AptGet(Path scratch, PackageSource source) {
    // apt resolves relative paths against directories of its own.
    this.scratch = scratch.toAbsolutePath();
    this.source = source;
    this.program = new HostProgram(scratch);
  }

  /**
   * Fetches the lists of packages anew, where they are our own. Old ones do where the network is
   * away.
   */
  void update() throws IOException, ImageException, InterruptedException {
    Files.createDirectories(source.lists().orElseThrow().resolve("partial"));
    prepare(List.of(), List.of());
    HostProgram.Outcome outcome = program.run(command("update"), () -> {});
    if (outcome.status() != 0) {
      throw notDownloaded("the lists of " + source.architecture() + " packages", outcome.errors());
    }
  }

  /**
   * The packages of those names and all that they need, in the order in which apt would install
   * them.
   *
   * @param presumed packages that are taken as installed, unless they are among the names
   */
  List<AptPackage> resolve(List<String> names, List<String> presumed)
      throws IOException, ImageException, InterruptedException {
    prepare(names, presumed);
    HostProgram.Outcome outcome = program.run(command("--print-uris", names), () -> {});
    if (outcome.status() != 0) {
      throw unresolvable(names, outcome.errors());
    }
    return outcome.output().lines().flatMap(line -> AptPackage.parse(line).stream()).toList();
  }

  /**
   * Downloads packages that the last {@link #resolve} gave, and returns the files in the same
   * order.
   */
  List<Path> download(List<String> names, List<AptPackage> packages, BuildListener listener)
      throws IOException, ImageException, InterruptedException {
    Map<AptPackage, Long> seen = new HashMap<>();
    HostProgram.Outcome outcome =
        program.run(command("--download-only", names), () -> report(packages, seen, listener));
    if (outcome.status() != 0) {
      throw notDownloaded("the packages for the guest image", outcome.errors());
    }
    return packages.stream().map(each -> each.file(archives())).toList();
  }

  private void report(List<AptPackage> packages, Map<AptPackage, Long> seen, BuildListener listener)
      throws IOException {
    for (AptPackage each : packages) {
      long total = each.download().bytes();
      long before = seen.getOrDefault(each, -1L);
      if (before < total) {
        long now = Math.min(total, bytesHere(each));
        if (now > before) {
          seen.put(each, now);
          listener.downloading(each.download(), now);
        }
      }
    }
  }

  /** apt moves a file out of {@code partial} when it is complete and its hash is right. */
  private long bytesHere(AptPackage each) {
    long complete = each.file(archives()).toFile().length();
    return complete > 0
        ? complete
        : archives().resolve("partial").resolve(each.fileName()).toFile().length();
  }

  private void prepare(List<String> names, List<String> presumed) throws IOException {
    Files.createDirectories(archives().resolve("partial"));
    Files.write(scratch.resolve("status"), stanzas(names, presumed));
  }

  /**
   * apt's pattern for the packages that every maintainer script may use: apt-patterns(7). A host
   * may know of packages of other architectures, too.
   */
  static String essential(Architecture architecture) {
    return "?and(?essential,?architecture(%s))".formatted(architecture);
  }

  /** The entries of dpkg's database for the presumed packages that are not among the names. */
  static List<String> stanzas(List<String> names, List<String> presumed) {
    return presumed.stream().filter(name -> !names.contains(name)).map(AptGet::stanza).toList();
  }

  private static String stanza(String name) {
    return "Package: %s\nStatus: install ok installed\nVersion: 9999\nArchitecture: all\nMulti-Arch: foreign\nMaintainer: topology\nDescription: taken as installed\n"
            .formatted(name)
        + (name.equals("debconf") ? "Provides: debconf-2.0\n" : "");
  }

  private List<String> command(String action, List<String> names) {
    List<String> command = command(action);
    command.add("install");
    command.addAll(names);
    return command;
  }

  private List<String> command(String action) {
    Map<String, String> options = new TreeMap<>();
    options.put("Dir::State::status", scratch.resolve("status").toString());
    options.put("Dir::Cache", scratch.toString());
    options.put("Dir::Cache::archives", archives().toString());
    // Container images switch apt's caches off; the second call is quicker with them.
    options.put("Dir::Cache::pkgcache", "pkgcache.bin");
    options.put("Dir::Cache::srcpkgcache", "srcpkgcache.bin");
    options.put("Debug::NoLocking", "true");
    options.put("APT::Install-Recommends", "false");
    // As root, apt would download as user _apt, who may not enter our directory.
    options.put("APT::Sandbox::User", "root");
    if (source.lists().isPresent()) {
      options.put("APT::Architecture", source.architecture().toString());
      options.put("APT::Architectures::", source.architecture().toString());
      options.put("Dir::State::lists", source.lists().get().toAbsolutePath().toString());
    }
    List<String> command = new ArrayList<>(List.of("apt-get", "-qq", "-y", action));
    options.forEach((name, value) -> command.add("-o" + name + "=" + value));
    return command;
  }

  private Path archives() {
    return scratch.resolve("archives");
  }

  private static ImageException unresolvable(List<String> names, String errors) {
    Matcher unknown = UNKNOWN.matcher(errors);
    if (unknown.find()) {
      return new ImageException.UnknownPackageException(unknown.group(1));
    }
    return new ImageException(
        "apt-get cannot find a way to install "
            + String.join(" ", names)
            + " together. It says:\n"
            + errors.indent(2).stripTrailing());
  }

  private static ImageException notDownloaded(String what, String errors) {
    return new ImageException(
        "apt-get cannot download "
            + what
            + ". It says:\n"
            + errors.indent(2).stripTrailing()
            + "\n"
            + remedy(errors));
  }

  private static String remedy(String errors) {
    if (errors.contains("404")) {
      return "The package lists are older than the archive: run \"apt-get update\" as root, once.";
    }
    if (errors.contains("resolv") || errors.contains("connect")) {
      return "Check the network and apt's proxy settings, and try again. On a machine without a network, give each"
          + " node a \"kernel\" and an \"initramfs\" instead.";
    }
    if (errors.contains("free space") || errors.contains("No space left")) {
      return ImageException.MORE_SPACE + ".";
    }
    return "Check that \"apt-get update\" as root works, and try again.";
  }

  /** That none of the kernel packages is there. */
  ImageException noKernel(Flavour flavour) {
    String remedy =
        source.lists().isEmpty()
            ? "Where apt's package lists are empty, run \"apt-get update\" as root, once."
            : "Where apt's sources have no %s packages, add some that do (of Ubuntu, ports.ubuntu.com has them)."
                .formatted(source.architecture());
    return new ImageException(
        "cannot build a guest image: apt knows none of the kernel packages "
            + String.join(", ", source.kernels(flavour))
            + ". "
            + remedy
            + " Otherwise give each node a \"kernel\" and an \"initramfs\" instead");
  }

  /**
   * One line of {@code apt-get --print-uris}: where a package comes from, and the file it becomes.
   */
  record AptPackage(PackageDownload download, String uri, String fileName) {

    // 'http://deb.debian.org/…/libc6_2.36-9_amd64.deb' libc6_2.36-9_amd64.deb 2759320 SHA256:ba4f…
    private static final Pattern LINE = Pattern.compile("'([^']+)' (\\S+) (\\d+)(?: .*)?");

    /** The package that a line describes; empty for apt's other lines. */
    static Optional<AptPackage> parse(String line) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      String fileName = matcher.group(2);
      // name_version_architecture.deb; the version's colon is escaped.
      String[] parts = fileName.split("_", 3);
      String version =
          parts.length == 3 ? URLDecoder.decode(plusKept(parts[1]), StandardCharsets.UTF_8) : "";
      long bytes = Long.parseLong(matcher.group(3));
      return Optional.of(
          new AptPackage(
              new PackageDownload(parts[0], version, bytes), matcher.group(1), fileName));
    }

    /** The file, once downloaded. What comes from a local directory stays where it is. */
    Path file(Path archives) {
      return uri.startsWith("file:") ? Path.of(URI.create(uri)) : archives.resolve(fileName);
    }

    private static String plusKept(String text) {
      return text.replace("+", "%2B");
    }
  }
}
