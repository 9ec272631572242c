package dev.topology.cli;

import dev.topology.cli.terminal.Palette;
import dev.topology.host.Checkup;
import dev.topology.host.Checkup.Result;
import dev.topology.host.Checkup.Result.Level;
import dev.topology.host.Host;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import dev.topology.image.oci.RegistryAccess;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Architecture;
import dev.topology.text.HumanText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology doctor}: whether this host can run topologies, and what would help. */
final class DoctorVerb implements Verb {

  private static final String FRESH = "--fresh";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this,
            "Looks at everything on this host that topologies need, and says what would help.")
        .flag(FRESH, "Tries everything again, even what was found out since the host booted.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public ExitCode run(Invocation invocation) throws InterruptedException {
    List<Result> findings = findings(invocation);
    invocation.print(new FindingsText(findings, invocation.terminal().palette()).toString());
    return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL)
        ? ExitCode.UNFIT_HOST
        : ExitCode.DONE;
  }

  private static List<Result> findings(Invocation invocation) throws InterruptedException {
    UserDirectories user = invocation.user();
    Host host = Host.of(user.cache(), user.environment());
    List<Result> findings =
        new ArrayList<>(new Checkup(invocation.has(FRESH) ? host.fresh() : host).results());
    // Before the limits, which close the report.
    findings.add(findings.size() - 1, DefaultImage.finding(user, host.architecture()));
    findings.add(findings.size() - 1, ContainerImages.finding(user));
    return findings;
  }

  /** Looks at the built-in guest image, for the doctor. */
  static final class DefaultImage {

    private static final String SUBJECT = "image";

    private DefaultImage() {}

    static Result finding(UserDirectories user, Architecture architecture) {
      ImageStore store = new ImageStore(user.images(architecture));
      Optional<String> damage = store.damage(ImageRecipe.DEFAULT.name());
      if (damage.isPresent()) {
        return Result.warn(
            SUBJECT,
            "default is damaged: " + damage.get(),
            "The next topology up will build it again; so does: topology image build");
      }
      try {
        return store
            .find(ImageRecipe.DEFAULT.name())
            .map(image -> Result.ok(SUBJECT, describe(image)))
            .orElseGet(() -> missing(user.environment()));
      } catch (ImageException e) {
        return Result.fail(
            SUBJECT, String.valueOf(e.getMessage()), "Build it again: topology image build");
      }
    }

    private static Result missing(Map<String, String> environment) {
      String remedy = "The first topology up will build it; so does: topology image build";
      if (isOnPath("zstd", environment)) {
        return Result.warn(SUBJECT, "default is not built yet", remedy);
      }
      return Result.warn(
          SUBJECT,
          "default is not built yet, and zstd is not installed, which packs the kernels of Debian 13"
              + " and Ubuntu",
          "Install it there: apt-get install zstd\n" + remedy);
    }

    private static boolean isOnPath(String program, Map<String, String> environment) {
      return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
          .filter(directory -> !directory.isEmpty())
          .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static String describe(InstalledImage image) {
      String kernel = image.kernelVersion().isEmpty() ? "" : "kernel " + image.kernelVersion();
      String built =
          image
              .built()
              .map(instant -> "built " + LocalDate.ofInstant(instant, ZoneId.systemDefault()))
              .orElse("");
      String separator = kernel.isEmpty() || built.isEmpty() ? "" : ", ";
      return image.name() + " (" + kernel + separator + built + ")";
    }
  }

  /** Looks at what container images need, for the doctor. */
  static final class ContainerImages {

    private static final String SUBJECT = "containers";

    /** An image of some hundred megabytes takes twice that. */
    private static final long ENOUGH_BYTES = 1_000_000_000;

    private ContainerImages() {}

    static Result finding(UserDirectories user) {
      Path place = user.containers().root();
      try {
        RegistryAccess access = RegistryAccess.of(user.environment());
        long free = free(place);
        String logins = access.logins().isEmpty() ? "none" : String.join(", ", access.logins());
        String text =
            "%s in %s, %s free; logins: %s%s"
                .formatted(
                    HumanText.bytes(used(place)),
                    place,
                    HumanText.bytes(free),
                    logins,
                    access.proxy().map(it -> "; proxy: " + it).orElse(""));
        return free < ENOUGH_BYTES
            ? Result.warn(SUBJECT, text, "Make room, or choose another place with XDG_CACHE_HOME")
            : Result.ok(SUBJECT, text);
      } catch (ImageException e) {
        return Result.warn(
            SUBJECT,
            String.valueOf(e.getMessage()),
            "No image of a registry can be fetched until that is put right");
      } catch (IOException e) {
        return new Result(
            Level.WARN, SUBJECT, place + ": " + ImageException.reason(e), Optional.empty());
      }
    }

    private static long used(Path place) throws IOException {
      if (!Files.exists(place)) {
        return 0;
      }
      long bytes = 0;
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          bytes += file.toFile().length();
        }
      }
      return bytes;
    }

    private static long free(Path place) {
      Path there = place;
      while (!Files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      return there.toFile().getUsableSpace();
    }
  }

  /** What the doctor found, for people to read: a line for each, the remedies below them. */
  private record FindingsText(List<Result> findings, Palette palette) {

    private static final int LEVEL_WIDTH = 4;
    private static final Pattern WRAP = Pattern.compile("(.{1,80})(?: |$)");

    FindingsText {
      findings = List.copyOf(findings);
    }

    @Override
    public String toString() {
      int subject = findings.stream().mapToInt(it -> it.subject().length()).max().orElse(0);
      return findings.stream().map(it -> text(it, subject)).collect(Collectors.joining());
    }

    private String text(Result finding, int subjectWidth) {
      String level = finding.level().name().toLowerCase(Locale.ROOT);
      String subject = padded(finding.subject(), subjectWidth);
      String margin = " ".repeat(LEVEL_WIDTH + subjectWidth + 4);
      String remedy =
          finding.remedy().stream()
              .flatMap(String::lines)
              .flatMap(FindingsText::wrapped)
              .map(line -> margin + line + "\n")
              .collect(Collectors.joining());
      return color(finding, padded(level, LEVEL_WIDTH))
          + "  "
          + subject
          + "  "
          + finding.text()
          + "\n"
          + remedy;
    }

    private String color(Result finding, String level) {
      return switch (finding.level()) {
        case OK -> palette.success(level);
        case WARN -> palette.warning(level);
        case FAIL -> palette.error(level);
      };
    }

    /** Prose is broken into lines; a line that is indented is a list or a command. */
    private static Stream<String> wrapped(String line) {
      return line.startsWith(" ")
          ? Stream.of(line)
          : Stream.of(WRAP.matcher(line).replaceAll("$1\n").split("\n"));
    }

    private static String padded(String text, int width) {
      return text + " ".repeat(width - text.length());
    }
  }
}
