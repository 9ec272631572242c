package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One build, step by step, in a directory of its own. */
final class ImageBuild {

  /**
   * The names under which Debian and Ubuntu keep a small kernel for virtual machines, the best
   * first; each depends on the real package of the day.
   */
  private static final List<String> KERNELS =
      List.of(
          "linux-image-cloud-amd64",
          "linux-image-virtual",
          "linux-image-generic",
          "linux-image-amd64");

  private final ImageRecipe recipe;
  private final Path root;
  private final Path workshop;
  private final Clock clock;
  private final BuildListener listener;
  private final AptGet apt;
  private final Program program;

  ImageBuild(ImageRecipe recipe, Path root, Path workshop, Clock clock, BuildListener listener) {
    this.recipe = recipe;
    this.root = root;
    this.workshop = workshop;
    this.clock = clock;
    this.listener = listener;
    this.apt = new AptGet(workshop);
    this.program = new Program(workshop);
  }

  InstalledImage run() throws IOException, ImageException, InterruptedException {
    Instant start = clock.instant();
    listener.step("asking apt for packages");
    Selection selection = select();
    listener.resolved(selection.downloads());
    List<Path> archives = apt.download(selection.names(), selection.packages(), listener);

    StagedFiles staged = new StagedFiles(workshop.resolve("staged"));
    KernelPackages kernel = new KernelPackages(staged);
    GuestFiles guest = new GuestFiles(staged);
    unpack(selection.downloads(), archives, kernel, guest);

    Path made = Files.createDirectory(workshop.resolve("image"));
    ModuleSelection modules = ModuleSelection.from(kernel.modules(), program);
    modules.addTo(guest.tree(), kernel.version());
    finish(guest.tree(), selection.downloads());
    writeKernel(kernel, made.resolve("kernel"));
    writeInitramfs(guest, made.resolve("initramfs"));
    ImageProperties.write(described(kernel.version(), selection.downloads()), made);
    new ImageManifest(made).write(recipe.extraPackages());
    InstalledImage image = install(made);
    Duration duration = Duration.between(start, clock.instant());
    listener.finished(
        new BuildSummary(image, modules.count(), Files.size(image.initramfs()), duration));
    return image;
  }

  private void unpack(
      List<PackageDownload> packages, List<Path> archives, KernelPackages kernel, GuestFiles guest)
      throws IOException, ImageException, InterruptedException {
    for (int i = 0; i < archives.size(); i++) {
      String name = packages.get(i).name();
      listener.step("unpacking " + name);
      new DebianArchive(archives.get(i), program)
          .forEach(KernelPackages.isOne(name) ? kernel : guest);
    }
  }

  private void writeKernel(KernelPackages packages, Path target)
      throws IOException, ImageException, InterruptedException {
    listener.step("unpacking the kernel");
    Path bzImage = packages.kernel();
    if (!BootImage.extractElf(bzImage, target, workshop.resolve("payload"), program)) {
      Files.move(bzImage, target);
    }
  }

  private void writeInitramfs(GuestFiles guest, Path target) throws IOException {
    listener.step("writing the initramfs");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      guest.tree().writeTo(out);
    }
  }

  private static void finish(FileTree tree, List<PackageDownload> packages) throws IOException {
    GuestInit.addTo(tree);
    GuestAccounts.addTo(tree, packages.stream().map(PackageDownload::name).toList());
    if (tree.contains("usr/bin/bash")) {
      tree.link("usr/bin/sh", "bash");
    }
    Busybox.link(tree.content("usr/bin/busybox").orElseThrow(), tree);
  }

  private record Selection(List<String> names, List<AptPackage> packages) {

    List<PackageDownload> downloads() {
      return packages.stream().map(AptPackage::download).toList();
    }
  }

  private Selection select() throws IOException, ImageException, InterruptedException {
    for (String kernel : KERNELS) {
      List<String> names = new ArrayList<>(List.of(kernel, "busybox-static"));
      if (!recipe.extraPackages().isEmpty()) {
        // busybox's shell prefers programs of its own, whatever is installed; bash takes those of
        // the packages.
        names.add("bash");
      }
      names.addAll(recipe.extraPackages());
      try {
        return new Selection(names, apt.resolve(names));
      } catch (AptFailure.UnknownPackageException e) {
        if (!e.name().equals(kernel)) {
          throw e;
        }
      }
    }
    throw AptFailure.noKernel(KERNELS);
  }

  private InstalledImage described(String kernelVersion, List<PackageDownload> downloads)
      throws IOException {
    return new InstalledImage(
        recipe.name(),
        root.resolve(recipe.name()),
        root.resolve(recipe.name()).resolve("kernel"),
        root.resolve(recipe.name()).resolve("initramfs"),
        "",
        Optional.empty(),
        kernelVersion,
        Optional.of(clock.instant().truncatedTo(ChronoUnit.SECONDS)),
        downloads.stream().map(each -> each.name() + "=" + each.version()).sorted().toList(),
        GuestInit.fingerprint());
  }

  /** A directory cannot be renamed onto a full one, so the old image steps aside first. */
  private InstalledImage install(Path made) throws IOException, ImageException {
    Path place = root.resolve(recipe.name());
    if (Files.exists(place)) {
      Files.move(place, workshop.resolve("previous"));
    }
    Files.move(made, place);
    return ImageStore.open(place);
  }
}
