package dev.topology.image;

import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.initramfs.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The kernel of an image, and the modules that a guest loads at boot. Both come from kernel
 * packages: one on Debian, two on Ubuntu.
 */
final class GuestKernel implements DebianArchive.Visitor {

  private static final Pattern KERNEL = Pattern.compile("boot/vmlinuz-(.+)");

  private static final Pattern MODULE =
      Pattern.compile("(?:usr/)?lib/modules/[^/]+/(kernel/.+/)?([^/]+)\\.ko(\\.(?:gz|xz|zst))?");

  /** The modules a guest loads. The console's driver comes first: it shows later failures. */
  private static final List<String> WANTED =
      List.of(
          "virtio_ring",
          "virtio",
          "virtio_mmio",
          "virtio_console",
          "failover",
          "net_failover",
          "virtio_net",
          "virtio_rng",
          "af_packet",
          "ipv6");

  /** Those that a guest with disks loads besides; for the others they are removed at boot. */
  private static final List<String> OF_DISKS = List.of("virtio_blk", "erofs", "overlay");

  private final StagedFiles staged;
  private final HostProgram program;

  /** All modules of the packages, by name. A module that is built into the kernel is not there. */
  private final Map<String, KernelModule> available = new HashMap<>();

  /** The modules that a guest loads, in the order in which it loads them: dependencies first. */
  private final Map<String, Loaded> selected = new LinkedHashMap<>();

  private @Nullable Path kernel;
  private String version = "";

  GuestKernel(StagedFiles staged, HostProgram program) {
    this.staged = staged;
    this.program = program;
  }

  /** Whether a package is one that holds a kernel or modules. */
  static boolean isIn(String packageName) {
    return packageName.startsWith("linux-image-") || packageName.startsWith("linux-modules-");
  }

  @Override
  public void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException {
    if (!entry.isFile()) {
      return;
    }
    Matcher kernelPath = KERNEL.matcher(path);
    if (kernelPath.matches()) {
      kernel = staged.keep(content);
      version = kernelPath.group(1);
    }
    Matcher modulePath = MODULE.matcher(path);
    if (modulePath.matches()) {
      KernelModule module =
          new KernelModule(
              modulePath.group(2),
              Optional.ofNullable(modulePath.group(1)).orElse(""),
              Optional.ofNullable(modulePath.group(3)).orElse(""),
              staged.keep(content));
      available.put(module.name(), module);
    }
  }

  /** The kernel's file, a bzImage. */
  Path file() throws ImageException {
    if (kernel == null) {
      throw new ImageException(
          "cannot build a guest image: the kernel package holds no boot/vmlinuz. Give each node a"
              + " \"kernel\" and an \"initramfs\" instead");
    }
    return kernel;
  }

  /** As {@code uname -r} says. */
  String version() {
    return version;
  }

  /**
   * Adds the modules that a guest loads, {@code modules.dep}, and the lists that the guest's init
   * reads. A wanted module that no package has is taken as built in.
   *
   * @return how many modules every guest loads
   */
  int addModulesTo(FileTree tree) throws IOException, ImageException, InterruptedException {
    for (String name : WANTED) {
      select(name);
    }
    List<Loaded> ofAll = List.copyOf(selected.values());
    for (String name : OF_DISKS) {
      select(name);
    }
    List<Loaded> ofDisks =
        new ArrayList<>(selected.values()).subList(ofAll.size(), selected.size());
    String directory = "usr/lib/modules/" + version + "/";
    StringBuilder dep = new StringBuilder();
    for (Loaded each : selected.values()) {
      tree.file(directory + each.module().path(), 0644, each.content());
      dep.append(each.module().path()).append(':');
      closure(each).forEach(path -> dep.append(' ').append(path));
      dep.append('\n');
    }
    tree.text(directory + "modules.dep", 0644, dep.toString());
    tree.text("etc/topology/modules", 0644, words(ofAll, KernelModule::name));
    tree.text(
        "etc/topology/disk-modules",
        0644,
        words(ofDisks, KernelModule::name) + words(ofDisks, it -> "/" + directory + it.path()));
    return ofAll.size();
  }

  /** A line of words. */
  private static String words(List<Loaded> modules, Function<KernelModule, String> word) {
    return modules.stream().map(it -> word.apply(it.module())).collect(Collectors.joining(" "))
        + "\n";
  }

  private void select(String name) throws IOException, ImageException, InterruptedException {
    KernelModule module = available.get(name);
    if (module == null || selected.containsKey(name)) {
      return;
    }
    Path content = module.uncompressed(program);
    List<String> dependencies = KernelModule.dependencies(content);
    for (String dependency : dependencies) {
      select(dependency);
    }
    selected.put(name, new Loaded(module, content, dependencies));
  }

  /** All that a module needs, in modprobe's order: what is to be loaded first comes last. */
  private List<String> closure(Loaded of) {
    Set<String> needed = new HashSet<>(of.dependencies());
    List<String> paths = new ArrayList<>();
    List<String> order = new ArrayList<>(selected.keySet());
    Collections.reverse(order);
    for (String name : order) {
      Loaded each = Objects.requireNonNull(selected.get(name));
      if (needed.contains(name)) {
        needed.addAll(each.dependencies());
        paths.add(each.module().path());
      }
    }
    return paths;
  }

  /** A module, uncompressed, and what it needs. */
  private record Loaded(KernelModule module, Path content, List<String> dependencies) {}

  /**
   * A kernel module as a package brings it.
   *
   * @param fileName its name as a file, without ending
   * @param folder where it stands below the modules' directory: {@code kernel/drivers/virtio/}
   * @param compression the file's second ending, or nothing
   * @param content the file on the host
   */
  private record KernelModule(String fileName, String folder, String compression, Path content) {

    /** The name other modules and {@code lsmod} use: with underscores only. */
    String name() {
      return fileName.replace('-', '_');
    }

    /** The module's path below the modules' directory, uncompressed. */
    String path() {
      return folder + fileName + ".ko";
    }

    /** A file with the module as busybox hands it to the kernel: uncompressed. */
    Path uncompressed(HostProgram program)
        throws IOException, ImageException, InterruptedException {
      Path target = content.resolveSibling(content.getFileName() + ".ko");
      switch (compression) {
        case ".gz" -> unpack(new GZIPInputStream(Files.newInputStream(content)), target);
        case ".xz" -> unpack(new XZInputStream(Files.newInputStream(content)), target);
        case ".zst" -> program.unpackZstd(content, target);
        default -> {
          return content;
        }
      }
      return target;
    }

    /**
     * The modules it needs: the {@code depends=} of its {@code .modinfo} section, a list of strings
     * that end with zero. Packages bring no {@code modules.dep}: depmod makes it when they are
     * installed.
     */
    static List<String> dependencies(Path uncompressed) throws IOException {
      byte[] module = Files.readAllBytes(uncompressed);
      byte[] key = "\0depends=".getBytes(StandardCharsets.US_ASCII);
      for (int at = 0; at + key.length < module.length; at++) {
        if (Arrays.equals(module, at, at + key.length, key, 0, key.length)) {
          int start = at + key.length;
          int end = start;
          while (end < module.length && module[end] != 0) {
            end++;
          }
          String names = new String(module, start, end - start, StandardCharsets.US_ASCII);
          return Stream.of(names.split(",", -1)).filter(name -> !name.isEmpty()).toList();
        }
      }
      return List.of();
    }

    private static void unpack(InputStream compressed, Path target) throws IOException {
      try (compressed) {
        Files.copy(compressed, target);
      }
    }
  }
}
