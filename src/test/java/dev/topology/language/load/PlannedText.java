package dev.topology.language.load;

import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.Lab;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.guest.ShareFileSystem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that comes of a good file as text: the model, of which some is for the time when the topology
 * runs, the plan on a made-up host, and what each guest is told.
 */
final class PlannedText {

  private PlannedText() {}

  static String of(Topology topology) throws PlanException {
    LaunchPlan plan =
        Planner.plan(
            topology,
            hostFor(topology),
            new PlanOptions(Path.of("/run/user/1000/topology", topology.name())));
    StringBuilder text = new StringBuilder(ModelText.of(topology));
    text.append('\n').append(Lab.text(plan));
    for (NodePlan node : plan.nodes()) {
      text.append('\n').append(node.name()).append(" is told\n");
      node.greeting().forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  /** A host on which KVM was proven, and which has all images that the topology names. */
  private static HostFacts hostFor(Topology topology) {
    Map<String, BootableImage> images = new HashMap<>();
    for (Node node : topology.nodes()) {
      node.boot().image().ifPresent(it -> images.put(it, image(it)));
    }
    return Lab.withDisksOf(topology, Lab.host(Lab.KVM, images));
  }

  private static BootableImage image(String name) {
    Path directory = Path.of("/cache/images").resolve(name);
    return new BootableImage(
        name,
        directory.resolve("kernel"),
        Optional.of(directory.resolve("initramfs")),
        Optional.empty(),
        "",
        /* speaksControl= */ true,
        /* hasAgent= */ true,
        Set.of(ShareFileSystem.VIRTIOFS));
  }
}
