package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The modules a guest loads at boot, in the order in which it loads them: dependencies first. */
final class ModuleSelection {

  /** The console's driver comes first, so that what fails after it can be seen. */
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
  private final Program program;
  private final Map<String, Loaded> selected = new LinkedHashMap<>();

  private ModuleSelection(Map<String, KernelModule> available, Program program) {
    this.available = available;
    this.program = program;
  }

  /**
   * Selects from the modules that a kernel has; a wanted one that is missing is taken as built in.
   */
  static ModuleSelection from(Map<String, KernelModule> available, Program program)
      throws IOException, ImageException, InterruptedException {
    ModuleSelection selection = new ModuleSelection(available, program);
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

  /**
   * All that a module needs, what is to be loaded first last: modprobe's order, and the selection's
   * turned round.
   */
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
}
