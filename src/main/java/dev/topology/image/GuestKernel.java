package dev.topology.image;

import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.erofs.ErofsWriter;
import dev.topology.image.erofs.Inode;
import dev.topology.image.erofs.Inode.Attributes;
import dev.topology.image.erofs.Inode.Content;
import dev.topology.image.initramfs.FileTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of an image and its modules, from kernel packages: one on Debian up to 13, several
 * later and on Ubuntu.
 *
 * <p>The modules that every guest loads at boot are in the initramfs, which is memory. All of them
 * are on a read-only disk, which a guest mounts when the first other module is asked for; see
 * {@code modprobe} beside this class.
 */
final class GuestKernel implements DebianArchive.Visitor {

  /** Debian's packages after version 13 have it beside the modules. */
  private static final Pattern KERNEL =
      Pattern.compile("boot/vmlinuz-(?<old>.+)|(?:usr/)?lib/modules/(?<new>[^/]+)/vmlinuz");

  private static final Pattern PACKAGE =
      Pattern.compile("linux-(image-|modules-|binary-|base-[0-9]).*");

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

  /**
   * The drivers of the disk of modules, and of other disks. They stay in the guest's memory. Where
   * checksums are a module, the kernel would ask for it while that disk is mounted.
   */
  private static final List<String> OF_DISKS = List.of("virtio_blk", "crc32c_generic", "erofs");

  /** Lists beside the modules that a package brings: modprobe(8) looks at the first. */
  private static final Pattern LIST =
      Pattern.compile("(?:usr/)?lib/modules/[^/]+/(modules\\.(?:builtin|order))");

  /**
   * Aliases by which only udev(7) asks for modules, when it finds a device: half of all, and each
   * takes time to be read.
   */
  private static final Pattern OF_DEVICES =
      Pattern.compile(
          "(pci|hid|cpu|acpi\\*|vmbus|usb|of|dmi\\*?|mhi|platform|pnp|ssam|xen|scsi):.*");

  // The aliases of a module whose device may be there before it: MODULE_ALIAS_MISCDEV in
  // linux/miscdevice.h.
  private static final Pattern MISCELLANEOUS = Pattern.compile("char-major-10-(\\d+)");
  private static final int MISCELLANEOUS_MAJOR = 10;
  private static final String DEVICE_NAME = "devname:";

  /** An alias without wildcards, by which people may ask for a module. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private static final String DEP = "modules.dep";

  private final StagedFiles staged;
  private final HostProgram program;

  /** All modules of the packages, by name. A module that is built into the kernel is not there. */
  private final Map<String, KernelModule> available = new HashMap<>();

  /** Lists of the packages, by name. */
  private final Map<String, Path> lists = new TreeMap<>();

  private @Nullable Path kernel;
  private String version = "";

  GuestKernel(StagedFiles staged, HostProgram program) {
    this.staged = staged;
    this.program = program;
  }

  /** Whether a package is one that holds a kernel or modules. */
  static boolean isIn(String packageName) {
    return PACKAGE.matcher(packageName).matches();
  }

  @Override
  public void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException {
    if (!entry.isFile()) {
      return;
    }
    Matcher kernelPath = KERNEL.matcher(path);
    if (kernelPath.matches()) {
      kernel = staged.keep(content);
      version =
          Objects.requireNonNullElseGet(kernelPath.group("old"), () -> kernelPath.group("new"));
    }
    Matcher listPath = LIST.matcher(path);
    if (listPath.matches()) {
      lists.put(listPath.group(1), staged.keep(content));
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

  /** The kernel's file as packages have it, see {@link BootImage}. */
  Path file() throws ImageException {
    if (kernel == null) {
      throw new ImageException(
          "cannot build a guest image: the kernel packages hold no vmlinuz. Give each node a"
              + " \"kernel\" and an \"initramfs\" instead");
    }
    return kernel;
  }

  /** As {@code uname -r} says. */
  String version() {
    return version;
  }

  /**
   * Adds the modules that a guest loads at boot and the drivers of disks, {@code modules.dep}, and
   * the lists that the guest's init reads. A wanted module that no package has is taken as built
   * in.
   *
   * @return how many modules every guest loads
   */
  int addModulesTo(FileTree tree) throws IOException, ImageException, InterruptedException {
    Set<KernelModule> ofAll = closure(WANTED);
    Set<KernelModule> all = new LinkedHashSet<>(ofAll);
    Set<KernelModule> ofDisks = closure(OF_DISKS);
    all.addAll(ofDisks);
    ofDisks.removeAll(ofAll);
    String directory = "usr/lib/modules/" + version + "/";
    for (KernelModule each : all) {
      tree.file(directory + each.path(), 0644, each.uncompressed(program));
    }
    tree.text(directory + DEP, 0644, dependencies(all));
    addDevicesTo(tree);
    tree.text(
        "etc/topology/modules",
        0644,
        words(ofAll, KernelModule::name)
            + words(ofDisks, KernelModule::name)
            + words(ofAll, it -> "/" + directory + it.path()));
    return ofAll.size();
  }

  /** Adds the devices whose drivers are loaded when a program opens them: {@code /dev/net/tun}. */
  private void addDevicesTo(FileTree tree)
      throws IOException, ImageException, InterruptedException {
    for (KernelModule each : available.values()) {
      List<String> aliases = each.says("alias", program);
      for (String alias : aliases) {
        Matcher number = MISCELLANEOUS.matcher(alias);
        if (number.matches()) {
          int minor = Integer.parseInt(number.group(1));
          aliases.stream()
              .filter(it -> it.startsWith(DEVICE_NAME))
              .map(it -> GuestInit.LATE + "/dev/" + it.substring(DEVICE_NAME.length()))
              .forEach(path -> tree.device(path, MISCELLANEOUS_MAJOR, minor));
        }
      }
    }
  }

  /** Writes the disk with all modules. */
  void writeDisk(Path target) throws IOException, ImageException, InterruptedException {
    Inode root = Inode.directory(Attributes.ofRoot(0755));
    Set<KernelModule> all = closure(new TreeSet<>(available.keySet()));
    StringBuilder aliases = new StringBuilder();
    for (KernelModule each : all) {
      Inode folder = root;
      for (String name : each.folder().split("/", -1)) {
        folder = name.isEmpty() ? folder : folder.subdirectory(name);
      }
      folder.children().put(each.fileName() + ".ko", file(Content.of(each.uncompressed(program))));
      for (String alias : each.says("alias", program)) {
        if (!OF_DEVICES.matcher(alias).matches()) {
          aliases.append("alias ").append(alias).append(' ').append(each.name()).append('\n');
        }
      }
    }
    for (Map.Entry<String, Path> list : lists.entrySet()) {
      root.children().put(list.getKey(), file(Content.of(list.getValue())));
    }
    root.children().put(DEP, file(content(dependencies(all))));
    root.children().put("modules.alias", file(content(aliases.toString())));
    ErofsWriter.write(root, target);
  }

  /**
   * Writes a list of what modprobe(8) can be asked for: the names of modules, of those that are
   * built into the kernel, and what else modules are called.
   */
  void writeNames(Path target) throws IOException, ImageException, InterruptedException {
    Set<String> names = new TreeSet<>(available.keySet());
    for (KernelModule each : available.values()) {
      each.says("alias", program).stream()
          .filter(alias -> NAME.matcher(alias).matches())
          .forEach(names::add);
    }
    Path builtIn = lists.get("modules.builtin");
    if (builtIn != null) {
      Files.readAllLines(builtIn).stream()
          .map(path -> path.replaceFirst(".*/", "").replaceFirst("\\.ko$", "").replace('-', '_'))
          .forEach(names::add);
    }
    Files.write(target, names);
  }

  private static Inode file(Content content) {
    return Inode.file(Attributes.ofRoot(0644), content);
  }

  private Content content(String text) throws IOException {
    return Content.of(staged.keep(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
  }

  /** A line of words. */
  private static String words(Set<KernelModule> modules, Function<KernelModule, String> word) {
    return modules.stream().map(word).collect(Collectors.joining(" ")) + "\n";
  }

  /** The modules of those names and all that they need, dependencies first. */
  private Set<KernelModule> closure(Collection<String> names)
      throws IOException, ImageException, InterruptedException {
    Set<KernelModule> found = new LinkedHashSet<>();
    for (String name : names) {
      KernelModule module = available.get(name);
      if (module != null && !found.contains(module)) {
        found.addAll(closure(module.dependencies(program)));
        found.add(module);
      }
    }
    return found;
  }

  /** The content of {@code modules.dep}: what is to be loaded first comes last in a line. */
  private String dependencies(Set<KernelModule> modules)
      throws IOException, ImageException, InterruptedException {
    StringBuilder text = new StringBuilder();
    for (KernelModule each : modules) {
      List<KernelModule> needed = new ArrayList<>(closure(each.dependencies(program)));
      Collections.reverse(needed);
      text.append(each.path()).append(':');
      needed.forEach(it -> text.append(' ').append(it.path()));
      text.append('\n');
    }
    return text.toString();
  }
}
