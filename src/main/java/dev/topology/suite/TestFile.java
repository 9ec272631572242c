package dev.topology.suite;

import dev.topology.host.HostResources;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Cable;
import dev.topology.model.Disk;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.PortForward;
import dev.topology.model.TestCase;
import dev.topology.model.TestStep;
import dev.topology.model.Topology;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topology file whose tests can be run.
 *
 * @param file as the user named it
 * @param preparation all that is needed to start networks of it; the tests are those of its
 *     topology
 */
public record TestFile(Path file, Preparation preparation) {

  // Each is one of its own; to compare two would be to compare all of their topologies.
  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  /** Its topology. */
  public Topology topology() {
    return preparation.topology();
  }

  /** Its tests, in their order. */
  public List<TestCase> tests() {
    return topology().tests();
  }

  /**
   * How many networks of these files this host has room for at the same time, as far as is known:
   * by its free memory and its processors; 1 at least. Reads files in /proc only.
   */
  public static int roomFor(List<TestFile> files) {
    long nodes = files.stream().mapToLong(it -> it.topology().nodes().size()).max().orElse(1);
    long bytes = files.stream().mapToLong(it -> memory(it.topology())).max().orElse(1);
    HostResources host = HostResources.read();
    OptionalLong room = host.roomFor(new Memory(Math.max(1, bytes / nodes)));
    long byMemory = room.isPresent() ? room.getAsLong() / nodes : host.cpus();
    return (int) Math.max(1, Math.min(host.cpus(), byMemory));
  }

  private static long memory(Topology topology) {
    return topology.nodes().stream().mapToLong(it -> it.memory().bytes()).sum();
  }

  /**
   * What of the host a test needs for itself: tests that need the same thing run one after the
   * other.
   */
  Set<String> needs(TestCase test) {
    Set<String> needs = new LinkedHashSet<>();
    for (Node node : topology().nodes()) {
      node.ports().stream().filter(it -> !isChosen(it)).forEach(it -> needs.add(port(it)));
      node.disks().stream()
          .flatMap(it -> it.source().file().stream())
          .filter(it -> it.mode() == Disk.Mode.WRITE)
          .forEach(it -> needs.add("disk " + it.path()));
    }
    for (Cable cable : topology().cables()) {
      cable.outside().ifPresent(it -> needs.add("way out " + it));
      cable.capture().ifPresent(it -> needs.add("file " + it));
    }
    for (TestStep step : test.steps()) {
      if (step instanceof TestStep.CaptureCable capture) {
        needs.add("file " + capture.file());
      }
    }
    return needs;
  }

  private static boolean isChosen(PortForward port) {
    return port.hostPort().isEmpty();
  }

  private static String port(PortForward port) {
    return port.protocol() + " port " + port.hostPort();
  }
}
