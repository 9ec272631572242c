package dev.topology.host;

import dev.topology.host.ProbeDirectory.Outcome;
import dev.topology.model.Architecture;
import dev.topology.plan.qemu.Board;
import dev.topology.posix.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A QEMU that was found on this host and asked what it can do.
 *
 * @param path absolute, as it was found; symbolic links are not resolved
 * @param version what it says of itself
 * @param architecture of the guests that it runs
 * @param sandbox whether it was built with {@code -sandbox} (seccomp)
 * @param has9p whether it was built with 9p, and can share directories itself
 */
public record Qemu(
    Path path, Version version, Architecture architecture, boolean sandbox, boolean has9p) {

  /** A thousand times what it takes; a program that is not QEMU may do anything. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** QEMU checks options before it prints help; built without seccomp, it has no -sandbox. */
  private static final List<String> SANDBOX = List.of("-sandbox", "on");

  private static final String PLAN9 = "virtio-9p-device";

  /**
   * The QEMU that was located. Asks it for its version and whether it has what every plan uses, in
   * four starts of the program, some 20 ms each; the result is cached until the program changes.
   *
   * @throws UnfitHostException if there is none, it cannot be run, is not QEMU, or has no machine
   *     for such guests
   */
  static Qemu examine(QemuLocator locator, ProbeCache cache)
      throws UnfitHostException, InterruptedException {
    Path program = locator.locate();
    Architecture architecture = locator.architecture();
    try {
      ProbeCache.Key key = ProbeCache.Key.ofProgram("qemu", program);
      Optional<Qemu> known = cache.read(key).flatMap(lines -> read(program, architecture, lines));
      if (known.isPresent()) {
        return known.get();
      }
      Qemu qemu = ask(program, locator);
      cache.write(key, qemu.lines());
      return qemu;
    } catch (IOException e) {
      throw new UnfitHostException(
          "cannot run " + program + ": " + e.getMessage(),
          Reasons.remedy(e, locator.howToInstall()),
          e);
    }
  }

  private static Qemu ask(Path program, QemuLocator locator)
      throws IOException, InterruptedException, UnfitHostException {
    try (ProbeDirectory directory = ProbeDirectory.create()) {
      Outcome said = directory.run(List.of(program.toString(), "--version"), LIMIT);
      Version version =
          Version.parse(said.output()).orElseThrow(() -> notQemu(program, said, locator));
      String machine = Board.ofKernel(locator.architecture()).toString();
      if (!knowsMachine(directory, program, machine, List.of())) {
        throw new UnfitHostException(
            "%s, version %s, has no machine type \"%s\"".formatted(program, version, machine),
            locator.howToInstall());
      }
      boolean sandbox = knowsMachine(directory, program, machine, SANDBOX);
      Outcome plan9 = directory.run(List.of(program.toString(), "-device", PLAN9 + ",help"), LIMIT);
      boolean has9p = plan9.ended() && plan9.status() == 0 && plan9.output().contains(PLAN9);
      return new Qemu(program, version, locator.architecture(), sandbox, has9p);
    }
  }

  /** A QEMU that does not know the machine lists those it does know, with status 0 or 1. */
  private static boolean knowsMachine(
      ProbeDirectory directory, Path program, String machine, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(options);
    command.addAll(List.of("-M", machine + ",help"));
    Outcome help = directory.run(command, LIMIT);
    // A machine that has versions is shown with that of this QEMU: virt-7.2.
    return help.ended()
        && help.status() == 0
        && help.output().startsWith(machine)
        && firstLine(help.output()).endsWith("-machine options:");
  }

  private static UnfitHostException notQemu(Path program, Outcome version, QemuLocator locator) {
    String said =
        version.ended()
            ? "printed \"" + firstLine(version.output() + version.errors()) + "\""
            : "did not end within " + LIMIT.toSeconds() + " s";
    return new UnfitHostException(
        program + " is not a QEMU: with --version it " + said, locator.howToInstall());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private List<String> lines() {
    return List.of(
        "QEMU emulator version " + version, Boolean.toString(sandbox), Boolean.toString(has9p));
  }

  private static Optional<Qemu> read(Path program, Architecture architecture, List<String> lines) {
    if (lines.size() != 3) {
      return Optional.empty();
    }
    return Version.parse(lines.get(0))
        .map(
            version ->
                new Qemu(
                    program,
                    version,
                    architecture,
                    Boolean.parseBoolean(lines.get(1)),
                    Boolean.parseBoolean(lines.get(2))));
  }

  /** A version of QEMU, such as 7.2.22. Ordered from old to new. */
  public record Version(int major, int minor, int micro) implements Comparable<Version> {

    /** The oldest with which this program was tried. Older ones may work. */
    public static final Version OLDEST_TRIED = new Version(7, 2, 0);

    private static final Pattern FIRST_LINE =
        Pattern.compile("QEMU emulator version (\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?\\b.*");

    /** Reads what {@code qemu-system-x86_64 --version} prints; empty if it is something else. */
    static Optional<Version> parse(String output) {
      return output
          .lines()
          .findFirst()
          .map(FIRST_LINE::matcher)
          .filter(Matcher::matches)
          .map(Version::from);
    }

    private static Version from(Matcher line) {
      String micro = line.group(3);
      return new Version(
          Integer.parseInt(line.group(1)),
          Integer.parseInt(line.group(2)),
          micro == null ? 0 : Integer.parseInt(micro));
    }

    @Override
    public int compareTo(Version other) {
      return Arrays.compare(numbers(), other.numbers());
    }

    private int[] numbers() {
      return new int[] {major, minor, micro};
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + micro;
    }
  }
}
