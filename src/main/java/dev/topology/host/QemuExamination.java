package dev.topology.host;

import dev.topology.host.BoundedRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks a QEMU for its version and whether it has what every plan uses. That takes two or three
 * starts of the program, some 20 ms each; the result is cached until the program changes.
 */
final class QemuExamination {

  /** A thousand times what it takes; a program that is not QEMU may do anything. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final List<String> ASK_MICROVM = List.of("-M", "microvm,help");

  /** Options are checked before the help is printed; without seccomp this one does not exist. */
  private static final List<String> ASK_SANDBOX = List.of("-sandbox", "on", "-M", "microvm,help");

  private final ProbeCache cache;

  QemuExamination(ProbeCache cache) {
    this.cache = cache;
  }

  /**
   * The QEMU at that path.
   *
   * @throws UnfitHostException if the program cannot be run or is not QEMU
   */
  Qemu examine(Path program) throws UnfitHostException, InterruptedException {
    try {
      ProbeCache.Key key = ProbeCache.Key.ofProgram("qemu", program);
      Optional<Qemu> known = cache.read(key).flatMap(lines -> read(program, lines));
      if (known.isPresent()) {
        return known.get();
      }
      Qemu qemu = ask(program);
      cache.write(key, write(qemu));
      return qemu;
    } catch (IOException e) {
      throw new UnfitHostException(
          "cannot run " + program + ": " + e.getMessage(), QemuLocator.HOW_TO_INSTALL, e);
    }
  }

  private static Qemu ask(Path program)
      throws IOException, InterruptedException, UnfitHostException {
    try (ProbeDirectory directory = ProbeDirectory.create()) {
      BoundedRun runs = new BoundedRun(directory, LIMIT);
      Outcome version = runs.run(List.of(program.toString(), "--version"));
      return new Qemu(
          program,
          Qemu.Version.parse(version.output()).orElseThrow(() -> notQemu(program, version)),
          knowsMicrovm(runs, program, ASK_MICROVM),
          knowsMicrovm(runs, program, ASK_SANDBOX));
    }
  }

  /** A QEMU that does not know the machine lists those it does know, with status 0 or 1. */
  private static boolean knowsMicrovm(BoundedRun runs, Path program, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    Outcome help = runs.run(command);
    return help.ended()
        && help.status() == 0
        && help.output().startsWith("microvm-machine options");
  }

  private static UnfitHostException notQemu(Path program, Outcome version) {
    String said =
        version.ended()
            ? "printed \"" + firstLine(version.output() + version.errors()) + "\""
            : "did not end within " + LIMIT.toSeconds() + " s";
    return new UnfitHostException(
        program + " is not a QEMU: with --version it " + said, QemuLocator.HOW_TO_INSTALL);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static List<String> write(Qemu qemu) {
    return List.of(
        "QEMU emulator version " + qemu.version(),
        Boolean.toString(qemu.microvm()),
        Boolean.toString(qemu.sandbox()));
  }

  private static Optional<Qemu> read(Path program, List<String> lines) {
    if (lines.size() != 3) {
      return Optional.empty();
    }
    return Qemu.Version.parse(lines.get(0))
        .map(
            version ->
                new Qemu(
                    program,
                    version,
                    Boolean.parseBoolean(lines.get(1)),
                    Boolean.parseBoolean(lines.get(2))));
  }
}
