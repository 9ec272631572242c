package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.BuildProgress;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cli.terminal.Table;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageBuilder;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageRecipe.Flavour;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import dev.topology.image.oci.ContainerStore.StoredImage;
import dev.topology.launch.Launcher;
import dev.topology.model.Architecture;
import dev.topology.text.HumanText;
import java.io.File;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology image}: the guest images of this user. */
final class ImageVerb implements Verb {

  /** Of verbs that {@link #during} does work for. */
  static final ExitCode[] EXITS_OF_WORK = {
    ExitCode.DONE,
    ExitCode.WRONG_USAGE,
    ExitCode.UNFIT_HOST,
    ExitCode.HANGUP,
    ExitCode.INTERRUPTED,
    ExitCode.TERMINATED
  };

  /** Work that shows its progress. */
  interface Work {
    void with(BuildListener listener) throws Exception;
  }

  /** Does work that a signal may stop. */
  static void during(Invocation invocation, String headline, Work work) throws Exception {
    try (StopSignals signals = StopSignals.listen();
        BuildProgress progress = new BuildProgress(invocation.terminal(), headline)) {
      progress.during(
          signals,
          () -> {
            work.with(progress);
            return ExitCode.DONE;
          });
    }
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Builds, fetches, lists and removes images.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public List<Part> parts() {
    return List.of(
        new Part("build", new ImageBuildVerb()),
        new Part("pull", new ImagePullVerb()),
        new Part("import", new ImagePullVerb.ImageImportVerb()),
        new Part("list", new ImageListVerb()),
        new Part("remove", new ImageRemoveVerb()));
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say what to do: topology image build, pull, import, list or remove");
  }

  /** {@code topology image build}. */
  private static final class ImageBuildVerb implements Verb {

    private static final String KERNEL = "--kernel";
    private static final String PACKAGE = "--package";

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(
              this, "Builds a guest image from this system's own packages, as an ordinary user.")
          .positional("NAME", "0..1", String.class, "What topology files will call it: default.")
          .options(
              PACKAGE + " -p",
              "PACKAGE",
              "Puts this package in, with what it depends on. May be given again.")
          .option(
              KERNEL,
              "FLAVOUR",
              Flavour.class,
              "cloud, the smallest, or generic, the one with all modules.")
          .architecture()
          .footer(
              "",
              "An image of the same name is replaced. For example:",
              "  topology image build router --package bird2 --package tcpdump",
              "",
              "An image that topology builds again by itself keeps the flavour of its kernel.",
              "",
              "Maintainer scripts of packages run in a guest, which takes QEMU, 1 GiB of memory and",
              "about a minute. What they make goes into the image: users, directories, the host keys of",
              "sshd (all nodes of an image have the same). No service starts by itself: a node's",
              "command starts it.")
          .exits(EXITS_OF_WORK);
    }

    @Override
    public ExitCode run(Invocation invocation) throws Exception {
      ImageRecipe recipe = recipe(invocation);
      ImageBuilder builder =
          new Launcher(invocation.user()).imageBuilder(invocation.architecture());
      String headline =
          "Building guest image \"%s\" from %s packages"
              .formatted(
                  recipe.name(),
                  builder.packages().lists().isEmpty()
                      ? "this system's"
                      : builder.packages().architecture().toString());
      during(invocation, headline, listener -> builder.build(recipe, listener));
      return ExitCode.DONE;
    }

    private static ImageRecipe recipe(Invocation invocation) throws UsageException {
      String name = invocation.argument().orElse(ImageRecipe.DEFAULT.name());
      if (name.equals(ImageRecipe.DEFAULT.name()) && !invocation.options(PACKAGE).isEmpty()) {
        throw new UsageException(
            "the image \"default\" has no packages added to it: give this one another name");
      }
      try {
        Flavour flavour = invocation.<Flavour>option(KERNEL).orElse(Flavour.CLOUD);
        return new ImageRecipe(name, flavour, invocation.options(PACKAGE));
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** {@code topology image list}. */
  private static final class ImageListVerb implements Verb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(
              this, "Lists the guest images of this user, and the container images of registries.")
          .exits(ExitCode.DONE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation) throws ImageException {
      List<List<String>> guests = new ArrayList<>();
      for (Architecture each : Architecture.values()) {
        guests.addAll(rows(each, invocation));
      }
      List<StoredImage> containers = invocation.user().containers().list();
      if (guests.isEmpty() && containers.isEmpty()) {
        invocation.printError(
            "no images yet in " + invocation.user().images(invocation.architecture()));
        return ExitCode.DONE;
      }
      if (!guests.isEmpty()) {
        guests.add(0, List.of("NAME", "ARCH", "KERNEL", "SIZE", "BUILT", "DIRECTORY"));
        invocation.print(new Table(guests).toString());
      }
      if (!containers.isEmpty()) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("CONTAINER IMAGE", "PLATFORM", "ID", "SIZE"));
        containers.forEach(it -> rows.add(row(it)));
        invocation.print(new Table(rows).toString());
      }
      return ExitCode.DONE;
    }

    private static List<List<String>> rows(Architecture architecture, Invocation invocation)
        throws ImageException {
      ImageStore store = new ImageStore(invocation.user().images(architecture));
      for (String name : store.names()) {
        store
            .damage(name)
            .ifPresent(why -> invocation.printError(name + " is damaged and not listed: " + why));
      }
      return store.list().stream().map(it -> row(architecture, it)).toList();
    }

    private static List<String> row(StoredImage image) {
      return List.of(
          image.name(),
          image.platform().isEmpty() ? "?" : image.platform(),
          image.id().isEmpty() ? "damaged" : image.id(),
          HumanText.bytes(image.bytes()));
    }

    private static List<String> row(Architecture architecture, InstalledImage image) {
      File kernel = image.kernel().toFile();
      File initramfs = image.initramfs().toFile();
      return List.of(
          image.name(),
          architecture.toString(),
          image.kernelVersion().isEmpty() ? "?" : image.kernelVersion(),
          HumanText.bytes(kernel.length() + initramfs.length()),
          image
              .built()
              .map(built -> LocalDate.ofInstant(built, ZoneId.systemDefault()).toString())
              .orElse("?"),
          image.directory().toString());
    }
  }

  /** {@code topology image remove}. */
  private static final class ImageRemoveVerb implements Verb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(this, "Removes images. Guests that run from them are not disturbed.")
          .positional("IMAGE", "1..*", String.class, "The image's name, or its reference.")
          .architecture()
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation) throws Exception {
      ImageStore store = new ImageStore(invocation.user().images(invocation.architecture()));
      for (String name : invocation.<String>arguments()) {
        if (!store.remove(name) && !ImagePullVerb.remove(name, invocation)) {
          throw unknown(name, store);
        }
      }
      return ExitCode.DONE;
    }

    private static UsageException unknown(String name, ImageStore store) throws ImageException {
      List<String> known = store.list().stream().map(InstalledImage::name).toList();
      return new UsageException(
          "there is no image \"" + name + "\"" + UsageErrors.meant(name, known));
    }
  }
}
