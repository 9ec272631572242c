package dev.topology.host;

import dev.topology.host.ProbeRun.ProbeGuest;
import dev.topology.model.Accelerator;
import dev.topology.plan.HostFacts.ConfinementVerdict;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Landlock;
import dev.topology.posix.Signal;
import dev.topology.posix.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Finds out whether QEMU can be confined to its own files, by confining one that runs a guest: its
 * libraries or its firmware may be in unexpected places. Cached for this boot of the host, as a
 * kernel comes with a boot.
 */
final class ConfinementProbe {

  private static final long PATIENCE_SECONDS = 10;
  private static final String KERNEL = "guest";

  /** Not the whole prefix: it may be a home directory. */
  private static final List<String> BESIDE_BIN =
      List.of("lib", "lib64", "libexec", "share/qemu", "share/seabios");

  private static final String SEPARATOR = ":";

  /**
   * What QEMU reads of the system, found with strace: programs, libraries, firmware, the loader's
   * settings, the number of processors, and what names are resolved with.
   */
  private static final List<Path> SYSTEM =
      Stream.of(
              "/usr",
              "/bin",
              "/lib",
              "/lib64",
              "/nix/store",
              "/gnu/store",
              "/etc/ld.so.cache",
              "/etc/ld.so.preload",
              "/etc/localtime",
              "/etc/hosts",
              "/etc/host.conf",
              "/etc/nsswitch.conf",
              "/etc/gai.conf",
              "/etc/services",
              "/etc/resolv.conf",
              "/run/systemd/resolve",
              "/run/resolvconf",
              "/run/NetworkManager/resolv.conf",
              "/proc/cpuinfo",
              "/proc/meminfo",
              "/proc/filesystems",
              "/sys/devices/system",
              "/sys/kernel/mm",
              "/dev/urandom",
              "/dev/random")
          .map(Path::of)
          .toList();

  private final ProbeCache cache;
  private final Optional<String> libraryPath;

  /**
   * @param libraryPath the variable LD_LIBRARY_PATH, which QEMU gets as well
   */
  ConfinementProbe(ProbeCache cache, Optional<String> libraryPath) {
    this.cache = cache;
    this.libraryPath = libraryPath;
  }

  /** Answers from the cache, or within a fifth of a second; where the host is very busy, ten. */
  ConfinementVerdict probe(Qemu qemu) throws InterruptedException {
    try {
      List<Path> reads = reads(qemu.path());
      Optional<ProbeCache.Key> key =
          ProbeCache.Key.ofProgram("landlock", qemu.path()).with("reads " + reads).inThisBoot();
      Optional<List<String>> known = key.flatMap(cache::read);
      if (known.isPresent() && known.get().size() == 1) {
        // No native call here: its preparation takes longer than the rest of a short command.
        return new ConfinementVerdict(true, reads, known.get().get(0));
      }
      int version = Landlock.version();
      if (version == 0) {
        return ConfinementVerdict.none("this kernel has no Landlock, or it is switched off");
      }
      Optional<String> obstacle = run(qemu, reads);
      String note = "Landlock version " + version;
      if (obstacle.isEmpty() && key.isPresent()) {
        cache.write(key.get(), List.of(note));
      }
      return obstacle
          .map(ConfinementVerdict::none)
          .orElseGet(() -> new ConfinementVerdict(true, reads, note));
    } catch (IOException e) {
      return ConfinementVerdict.none("QEMU cannot be confined here: " + e.getMessage());
    }
  }

  /** What QEMU reads for any guest: of the system, and what was installed with it. */
  private List<Path> reads(Path qemu) throws IOException {
    Path directory = Optional.ofNullable(qemu.toRealPath().getParent()).orElse(qemu);
    List<Path> reads = new ArrayList<>(SYSTEM);
    reads.add(directory);
    if (directory.endsWith("bin")) {
      BESIDE_BIN.forEach(it -> reads.add(directory.resolveSibling(it)));
    }
    libraryPath.stream()
        .flatMap(it -> Stream.of(it.split(SEPARATOR, -1)))
        .filter(it -> it.startsWith("/"))
        .forEach(it -> reads.add(Path.of(it)));
    return reads;
  }

  /** Runs a guest on a confined QEMU. Returns why that failed; empty if it did not. */
  private static Optional<String> run(Qemu qemu, List<Path> reads)
      throws IOException, InterruptedException {
    try (ProbeDirectory directory = ProbeDirectory.create()) {
      Path kernel =
          Files.write(directory.file(KERNEL), ProbeGuest.EXIT.kernel(qemu.architecture()));
      List<Path> all = new ArrayList<>(reads);
      all.add(kernel);
      ChildProcess child =
          Spawn.of(qemu.path())
              .named("confinement-probe")
              .arguments(
                  ProbeRun.arguments(
                      ProbeGuest.EXIT, qemu.architecture(), Accelerator.TCG, KERNEL, "null,id="))
              .directory(directory.path())
              .keepingOfEnvironment("LD_LIBRARY_PATH")
              .confinedTo(new Landlock(all, List.of(Path.of("/dev/null")), Optional.of(List.of())))
              .start();
      ExitStatus status = await(child);
      return status.equals(new ExitStatus.Exited(ProbeGuest.exitStatus(qemu.architecture())))
          ? Optional.empty()
          : Optional.of("QEMU does not run when it is confined" + firstLine(child.output()));
    }
  }

  private static ExitStatus await(ChildProcess child) throws IOException, InterruptedException {
    try {
      return child.exit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the probe guest did not finish within " + PATIENCE_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      child.signal(Signal.KILL);
    }
  }

  private static String firstLine(String output) {
    return output.lines().findFirst().map(line -> ": " + line).orElse("");
  }
}
