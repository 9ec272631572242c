package dev.topology.image;

import dev.topology.image.AptGet.AptPackage;
import dev.topology.image.BuildListener.BuildSummary;
import dev.topology.image.BuildListener.PackageDownload;
import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.initramfs.FileTree;
import dev.topology.posix.TemporaryPlace;
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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One build, step by step, in a directory of its own. */
final class ImageBuild {

  private static final String USERS =
      """
      root:x:0:0:root:/root:/bin/sh
      nobody:x:65534:65534:nobody:/nonexistent:/bin/false
      """;

  private static final String GROUPS =
      """
      root:x:0:
      nobody:x:65534:
      """;

  private final ImageRecipe recipe;
  private final PackageSource source;
  private final Path root;
  private final Path workDirectory;
  private final Clock clock;
  private final BuildListener listener;
  private final AptGet apt;
  private final HostProgram program;
  private final BuildGuest.Booter booter;
  private final Set<String> coreutils = new HashSet<>();

  ImageBuild(
      ImageRecipe recipe,
      PackageSource source,
      Path root,
      Path workDirectory,
      Clock clock,
      BuildGuest.Booter booter,
      BuildListener listener) {
    this.recipe = recipe;
    this.source = source;
    this.root = root;
    this.workDirectory = workDirectory;
    this.clock = clock;
    this.booter = booter;
    this.listener = listener;
    this.apt = new AptGet(workDirectory, source);
    this.program = new HostProgram(workDirectory);
  }

  InstalledImage run() throws IOException, ImageException, InterruptedException {
    Instant start = clock.instant();
    if (source.lists().isPresent()) {
      listener.step("asking apt for the lists of " + source.architecture() + " packages");
      apt.update();
    }
    listener.step("asking apt for packages");
    Selection selection = select();
    listener.resolved(downloads(selection.packages()));
    List<Path> archives = apt.download(selection.names(), selection.packages(), listener);

    StagedFiles staged = new StagedFiles(workDirectory.resolve("staged"));
    GuestKernel kernel = new GuestKernel(staged, program);
    GuestFiles guest = new GuestFiles(staged);
    PackageConfiguration configuration = new PackageConfiguration(staged, listener);
    unpack(selection, archives, kernel, guest, configuration);

    Path made = Files.createDirectory(workDirectory.resolve("image"));
    int modules = kernel.addModulesTo(guest.tree());
    finish(guest);
    writeKernel(kernel, made.resolve("kernel"));
    InstalledImage described = described(kernel.version(), selection.inImage());
    if (isConfigured()) {
      configure(guest, configuration, selection, described, made.resolve("kernel"));
      guest.linkBusybox(coreutils);
    }
    listener.step("writing the initramfs");
    try (OutputStream out = create(made.resolve("initramfs"))) {
      guest.tree().writeTo(out);
    }
    listener.step("writing the kernel's modules");
    kernel.writeDisk(made.resolve(InstalledImage.MODULES));
    kernel.writeNames(made.resolve(InstalledImage.MODULE_NAMES));
    described.writeTo(made);
    new ImageManifest(made).write(recipe);
    InstalledImage image = install(made);
    Duration duration = Duration.between(start, clock.instant());
    listener.finished(new BuildSummary(image, modules, Files.size(image.initramfs()), duration));
    return image;
  }

  private void unpack(
      Selection selection,
      List<Path> archives,
      GuestKernel kernel,
      GuestFiles guest,
      PackageConfiguration configuration)
      throws IOException, ImageException, InterruptedException {
    for (int i = 0; i < archives.size(); i++) {
      PackageDownload each = selection.packages().get(i).download();
      listener.step("unpacking " + each.name());
      DebianArchive archive = new DebianArchive(archives.get(i), program);
      if (GuestKernel.isIn(each.name())) {
        archive.forEach(kernel);
      } else if (isConfigured() && !selection.inImage().contains(each)) {
        configuration.addTool(archive);
      } else if (isConfigured()) {
        List<String> paths = configuration.add(archive, guest);
        if (each.name().equals(ImageRecipe.COREUTILS)
            && !recipe.extraPackages().contains(ImageRecipe.COREUTILS)) {
          paths.forEach(path -> coreutils.add(GuestFiles.merged(path)));
        }
      } else {
        archive.forEach(guest);
      }
    }
  }

  /** The default image has no scripts to run. */
  private boolean isConfigured() {
    return !recipe.extraPackages().isEmpty();
  }

  private void configure(
      GuestFiles guest,
      PackageConfiguration configuration,
      Selection selection,
      InstalledImage described,
      Path kernel)
      throws IOException, ImageException, InterruptedException {
    Path directory = Files.createDirectory(workDirectory.resolve("guest"));
    Files.copy(kernel, directory.resolve("kernel"));
    try (OutputStream out = create(directory.resolve("initramfs"))) {
      guest.tree().writeTo(out);
      configuration.writeTools(
          AptGet.stanzas(selection.names(), AptGet.NOT_NEEDED_TO_CONFIGURE), out);
    }
    described.writeTo(directory);
    configuration.run(booter, directory, guest.tree());
    TemporaryPlace.deleteTree(directory);
  }

  private static OutputStream create(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file));
  }

  private void writeKernel(GuestKernel kernel, Path target)
      throws IOException, ImageException, InterruptedException {
    listener.step("unpacking the kernel");
    Path packed = kernel.file();
    if (!BootImage.unpack(packed, target, workDirectory.resolve("payload"), program)) {
      Files.move(packed, target);
    }
  }

  private void finish(GuestFiles guest) throws IOException {
    FileTree tree = guest.tree();
    GuestInit.addTo(tree, source.architecture());
    if (!isConfigured()) {
      // Otherwise the package base-passwd makes them, and more.
      tree.text("etc/passwd", 0644, USERS);
      tree.text("etc/group", 0644, GROUPS);
    }
    if (tree.contains("usr/bin/bash")) {
      tree.link("usr/bin/sh", "bash");
    }
    guest.renameModprobe();
    guest.linkBusybox(Set.of());
  }

  /**
   * What to download.
   *
   * @param names what apt was asked for
   * @param packages those and what they need
   * @param inImage what goes into the image; the others configure it
   */
  private record Selection(
      List<String> names, List<AptPackage> packages, Set<PackageDownload> inImage) {}

  private static List<PackageDownload> downloads(List<AptPackage> packages) {
    return packages.stream().map(AptPackage::download).toList();
  }

  private Selection select() throws IOException, ImageException, InterruptedException {
    for (String kernel : source.kernels(recipe.flavour())) {
      try {
        return select(recipe.packages(kernel));
      } catch (ImageException.UnknownPackageException e) {
        if (!e.name().equals(kernel)) {
          throw e;
        }
      }
    }
    throw apt.noKernel(recipe.flavour());
  }

  private Selection select(List<String> names)
      throws IOException, ImageException, InterruptedException {
    List<AptPackage> packages = apt.resolve(names, AptGet.NOT_NEEDED_TO_RUN);
    Set<PackageDownload> inImage = new LinkedHashSet<>(downloads(packages));
    if (!isConfigured()) {
      return new Selection(names, packages, inImage);
    }
    List<String> all = new ArrayList<>(names);
    all.add(AptGet.essential(source.architecture()));
    List<AptPackage> withTools = apt.resolve(all, AptGet.NOT_NEEDED_TO_CONFIGURE);
    inImage.retainAll(Set.copyOf(downloads(withTools)));
    return new Selection(all, withTools, inImage);
  }

  private InstalledImage described(String kernelVersion, Set<PackageDownload> downloads)
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

  /** A directory cannot replace one that is not empty, so the old image is moved away first. */
  private InstalledImage install(Path made) throws IOException, ImageException {
    Path place = root.resolve(recipe.name());
    if (Files.exists(place)) {
      Files.move(place, workDirectory.resolve("previous"));
    }
    Files.move(made, place);
    return ImageStore.open(place);
  }
}
