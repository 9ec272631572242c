package dev.topology.cli;

import dev.topology.cli.report.FindingsText;
import dev.topology.host.Checkup;
import dev.topology.host.Checkup.Result;
import dev.topology.host.Checkup.Result.Level;
import dev.topology.host.Host;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import dev.topology.launch.UserDirectories;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology doctor}: whether this host can run topologies, and what would help. */
final class DoctorVerb implements Verb {

  private static final String FRESH = "--fresh";

  @Override
  public String command() {
    return "topology doctor";
  }

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
    findings.add(findings.size() - 1, DefaultImage.finding(user));
    return findings;
  }

  /** Looks at the built-in guest image, for the doctor. */
  static final class DefaultImage {

    private static final String SUBJECT = "image";

    private DefaultImage() {}

    static Result finding(UserDirectories user) {
      ImageStore store = new ImageStore(user.images());
      Optional<String> damage = store.damage(ImageRecipe.DEFAULT.name());
      if (damage.isPresent()) {
        return new Result(
            Level.WARN,
            SUBJECT,
            "default is damaged: " + damage.get(),
            Optional.of("The next topology up will build it again; so does: topology image build"));
      }
      try {
        return store
            .find(ImageRecipe.DEFAULT.name())
            .map(image -> new Result(Level.OK, SUBJECT, describe(image), Optional.empty()))
            .orElseGet(() -> missing(user.environment()));
      } catch (ImageException e) {
        return new Result(
            Level.FAIL,
            SUBJECT,
            String.valueOf(e.getMessage()),
            Optional.of("Build it again: topology image build"));
      }
    }

    private static Result missing(Map<String, String> environment) {
      String remedy = "The first topology up will build it; so does: topology image build";
      if (isOnPath("zstd", environment)) {
        return new Result(Level.WARN, SUBJECT, "default is not built yet", Optional.of(remedy));
      }
      return new Result(
          Level.WARN,
          SUBJECT,
          "default is not built yet, and zstd is not installed, which packs the kernels of Debian 13"
              + " and Ubuntu",
          Optional.of("Install it there: apt-get install zstd\n" + remedy));
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
}
