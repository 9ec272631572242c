package dev.topology.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds and downloads packages with the system's own {@code apt-get}, as an ordinary user.
 *
 * <p>apt brings its configuration, mirrors, proxies, credentials and signature checks along. It is
 * given a package database of our own, in which nearly nothing is installed, so that it names every
 * package the guest needs, whatever the host has; and a cache of our own, so that it needs neither
 * root nor a lock.
 */
final class AptGet {

  /** The packages without which no maintainer script runs; see apt-patterns(7). */
  static final String ESSENTIAL = "?essential";

  /**
   * What a kernel wants for installing itself, and what apt takes for essential by itself: taken as
   * installed.
   */
  static final List<String> NOT_NEEDED_TO_CONFIGURE =
      List.of("apt", "initramfs-tools", "kmod", "linux-base", "udev", "usrmerge");

  /**
   * What packages depend on for the sake of their maintainer scripts as well: taken as installed,
   * so that it stays out of the image.
   */
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

  private final Path scratch;
  private final Program program;

  AptGet(Path scratch) {
    // apt takes relative paths for relative to directories of its own.
    this.scratch = scratch.toAbsolutePath();
    this.program = new Program(scratch);
  }

  /**
   * The packages of those names and all that they need, in the order apt would install them.
   *
   * @param presumed packages that are taken as installed; those of the names are not
   */
  List<AptPackage> resolve(List<String> names, List<String> presumed)
      throws IOException, ImageException, InterruptedException {
    prepare(names, presumed);
    Program.Outcome outcome = program.run(command("--print-uris", names), () -> {});
    if (outcome.status() != 0) {
      throw AptFailure.resolving(names, outcome.errors());
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
    Program.Outcome outcome =
        program.run(command("--download-only", names), () -> report(packages, seen, listener));
    if (outcome.status() != 0) {
      throw AptFailure.downloading(outcome.errors());
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

  /** How dpkg's database tells of packages that are taken as installed, unless they are wanted. */
  static List<String> stanzas(List<String> names, List<String> presumed) {
    return presumed.stream().filter(name -> !names.contains(name)).map(AptGet::stanza).toList();
  }

  private static String stanza(String name) {
    return "Package: %s\nStatus: install ok installed\nVersion: 9999\nArchitecture: all\nMulti-Arch: foreign\nMaintainer: topology\nDescription: taken as installed\n"
            .formatted(name)
        + (name.equals("debconf") ? "Provides: debconf-2.0\n" : "");
  }

  private List<String> command(String action, List<String> names) {
    Map<String, String> options =
        Map.of(
            "Dir::State::status", scratch.resolve("status").toString(),
            "Dir::Cache", scratch.toString(),
            "Dir::Cache::archives", archives().toString(),
            // Container images switch apt's caches off; the second call is quicker with them.
            "Dir::Cache::pkgcache", "pkgcache.bin",
            "Dir::Cache::srcpkgcache", "srcpkgcache.bin",
            "Debug::NoLocking", "true",
            "APT::Install-Recommends", "false",
            // As root, apt would download as user _apt, who may not enter our directory.
            "APT::Sandbox::User", "root");
    List<String> command = new ArrayList<>(List.of("apt-get", "-qq", "-y", action));
    command.addAll(
        options.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(option -> "-o" + option.getKey() + "=" + option.getValue())
            .collect(Collectors.toList()));
    command.add("install");
    command.addAll(names);
    return command;
  }

  private Path archives() {
    return scratch.resolve("archives");
  }
}
