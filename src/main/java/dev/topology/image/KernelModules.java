package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** The modules a guest loads at boot, in the order in which it loads them: dependencies first. */
final class KernelModules {

  /** The console's driver comes first, so that later failures can be seen. */
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

  /** A module, uncompressed, and what it needs. */
  private record Loaded(KernelModule module, Path content, List<String> dependencies) {}

  private final Map<String, KernelModule> available;
  private final HostProgram program;
  private final Map<String, Loaded> selected = new LinkedHashMap<>();

  private KernelModules(Map<String, KernelModule> available, HostProgram program) {
    this.available = available;
    this.program = program;
  }

  /**
   * Selects from the modules that a kernel has; a wanted one that is missing is taken as built in.
   */
  static KernelModules from(Map<String, KernelModule> available, HostProgram program)
      throws IOException, ImageException, InterruptedException {
    KernelModules selection = new KernelModules(available, program);
    for (String name : WANTED) {
      selection.select(name);
    }
    return selection;
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

  int count() {
    return selected.size();
  }

  /** Adds the modules, {@code modules.dep}, and the list that the guest's init reads. */
  void addTo(FileTree tree, String kernelVersion) {
    String directory = "usr/lib/modules/" + kernelVersion + "/";
    StringBuilder dep = new StringBuilder();
    for (Loaded each : selected.values()) {
      tree.file(directory + each.module().path(), 0644, each.content());
      dep.append(each.module().path()).append(':');
      closure(each).forEach(path -> dep.append(' ').append(path));
      dep.append('\n');
    }
    tree.text(directory + "modules.dep", 0644, dep.toString());
    tree.text("etc/topology/modules", 0644, String.join(" ", selected.keySet()) + "\n");
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

  /**
   * A kernel module as a package brings it.
   *
   * @param fileName its name as a file, without ending
   * @param folder where it stands below the modules' directory: {@code kernel/drivers/virtio/}
   * @param compression the file's second ending, or nothing
   * @param content the file on the host
   */
  record KernelModule(String fileName, String folder, String compression, Path content) {

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
