package dev.topology.host;

import dev.topology.host.ProbeDirectory.Outcome;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.Virtiofsd;
import dev.topology.plan.Virtiofsd.Dialect;
import dev.topology.plan.Virtiofsd.Isolation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the program that shares directories with guests, asks it what it can do, and tries how it
 * can be isolated here. Cached for this boot of the host, as a kernel comes with a boot.
 */
final class VirtiofsdProbe {

  static final String VARIABLE = "TOPOLOGY_VIRTIOFSD";

  static final String HOW_TO_INSTALL =
      """
      install it:
        Debian 13, Ubuntu 24.04   apt-get install virtiofsd
        Debian 12, Ubuntu 22.04   apt-get install qemu-system-common
        Fedora, Alpine, Arch      the package virtiofsd
      or say where it is: TOPOLOGY_VIRTIOFSD=/path/to/virtiofsd""";

  /** It is no program for users, so most distributions keep it off the PATH. */
  private static final List<String> PLACES =
      List.of("/usr/libexec/virtiofsd", "/usr/lib/virtiofsd", "/usr/lib/qemu/virtiofsd");

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ProbeCache cache;
  private final Map<String, String> environment;

  VirtiofsdProbe(ProbeCache cache, Map<String, String> environment) {
    this.cache = cache;
    this.environment = environment;
  }

  /** Answers from the cache, or within a tenth of a second. */
  SharingVerdict probe() throws InterruptedException {
    Optional<Path> program =
        places().filter(it -> Files.isRegularFile(it) && Files.isExecutable(it)).findFirst();
    if (program.isEmpty()) {
      return none("there is no virtiofsd");
    }
    try {
      Optional<ProbeCache.Key> key =
          ProbeCache.Key.ofProgram("virtiofsd", program.get()).inThisBoot();
      Optional<SharingVerdict> known =
          key.flatMap(cache::read).flatMap(lines -> read(program.get(), lines));
      if (known.isPresent()) {
        return known.get();
      }
      SharingVerdict verdict = examine(program.get());
      if (key.isPresent() && verdict.virtiofsd().isPresent()) {
        cache.write(key.get(), lines(verdict.virtiofsd().get(), verdict.reason()));
      }
      return verdict;
    } catch (IOException e) {
      return none("cannot run " + program.get() + ": " + e.getMessage());
    }
  }

  private static SharingVerdict none(String reason) {
    return new SharingVerdict(Optional.empty(), reason);
  }

  private Stream<Path> places() {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return Stream.of(Path.of(named).toAbsolutePath());
    }
    Stream<String> onPath =
        Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(directory -> directory.startsWith("/"))
            .map(directory -> directory + "/virtiofsd");
    return Stream.concat(PLACES.stream(), onPath).map(Path::of);
  }

  private static SharingVerdict examine(Path program) throws IOException, InterruptedException {
    try (ProbeDirectory directory = ProbeDirectory.create()) {
      Outcome help = directory.run(List.of(program.toString(), "--help"), LIMIT);
      String said = help.output() + help.errors();
      boolean inRust = said.contains("--shared-dir");
      if (!inRust && !said.contains("-o source=PATH")) {
        return none(program + " is not a virtiofsd: with --help it does not name its options");
      }
      StringBuilder obstacles = new StringBuilder();
      for (Isolation isolation : Isolation.values()) {
        Optional<String> obstacle =
            isolation == Isolation.NONE && !inRust
                ? Optional.of("that of QEMU cannot do without them")
                : obstacle(isolation, directory);
        if (obstacle.isEmpty()) {
          Virtiofsd found =
              new Virtiofsd(
                  program,
                  inRust ? Dialect.RUST : Dialect.C,
                  isolation,
                  said.contains("--readonly"),
                  said.contains("--translate-uid"));
          return new SharingVerdict(Optional.of(found), reason(isolation, obstacles.toString()));
        }
        obstacles.append(obstacles.isEmpty() ? "" : "; ").append(obstacle.get());
      }
      return none(reason(Isolation.NONE, obstacles.toString()));
    }
  }

  private static String reason(Isolation isolation, String obstacles) {
    return switch (isolation) {
      case OWN_USERS -> "it has name spaces of its own";
      case OWN_MOUNTS ->
          "it has a mount name space of its own, but none of users (" + obstacles + ")";
      case NONE -> "it cannot have name spaces of its own (" + obstacles + ")";
    };
  }

  /** Why a command cannot be isolated like that here; empty if it can. */
  private static Optional<String> obstacle(Isolation isolation, ProbeDirectory directory)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(isolation.prefix());
    if (command.isEmpty()) {
      return Optional.empty();
    }
    command.addAll(Virtiofsd.readOnly(directory.path().toString()));
    // It succeeds if nothing can be written there.
    command.addAll(List.of("/bin/sh", "-c", "! touch \"$0/x\" 2>/dev/null"));
    command.add(directory.path().toString());
    Outcome outcome = directory.run(command, LIMIT);
    if (outcome.ended() && outcome.status() == 0) {
      return Optional.empty();
    }
    String said = outcome.errors().lines().findFirst().orElse("status " + outcome.status());
    return Optional.of(said.strip());
  }

  private static List<String> lines(Virtiofsd found, String reason) {
    return List.of(
        found.dialect().name(),
        found.isolation().name(),
        Boolean.toString(found.readOnly()),
        Boolean.toString(found.squashes()),
        reason);
  }

  private static Optional<SharingVerdict> read(Path program, List<String> lines) {
    if (lines.size() != 5) {
      return Optional.empty();
    }
    Virtiofsd found =
        new Virtiofsd(
            program,
            Dialect.valueOf(lines.get(0)),
            Isolation.valueOf(lines.get(1)),
            Boolean.parseBoolean(lines.get(2)),
            Boolean.parseBoolean(lines.get(3)));
    return Optional.of(new SharingVerdict(Optional.of(found), lines.get(4)));
  }
}
