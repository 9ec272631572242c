package dev.topology.launch;

import dev.topology.host.HostResources;
import dev.topology.image.BuildListener;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Cable;
import dev.topology.model.CableEnd.SwitchEnd;
import dev.topology.model.Endpoint;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Switch;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.SavedGuest;
import dev.topology.plan.Snapshot;
import dev.topology.plan.guest.Greeting;
import dev.topology.posix.FileStamp;
import dev.topology.run.GuestSaver;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.node.RunException;
import dev.topology.snapshot.SnapshotException;
import dev.topology.snapshot.SnapshotKey;
import dev.topology.snapshot.SnapshotStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Has nodes go on from snapshots of guests like them, rather than boot.
 *
 * <p>A guest like a node has its image, memory, processors and devices, and is in a topology of its
 * own: the <i>mould</i>, whose network cards lead to a switch. It boots, says hello, and is saved;
 * then a clone of it has to get ready, before the snapshot is kept and used.
 */
final class Clones {

  private static final String GUEST = "guest";
  private static final String SWITCH = "switch";

  /** More than the state of a guest takes beside its RAM. */
  private static final long STATE_BYTES = 1L << 20;

  private final SnapshotStore store;
  private final Path runtime;
  private final BuildListener builds;

  Clones(SnapshotStore store, Path runtime, BuildListener builds) {
    this.store = store;
    this.runtime = runtime;
    this.builds = builds;
  }

  /**
   * The same, with snapshots for all nodes that can be clones. Others boot, and so do those of
   * whose kind no guest can be saved: why is kept beside the snapshots.
   */
  Preparation with(Preparation prepared) throws PlanException, InterruptedException {
    if (Thread.interrupted()) {
      // Files could not be read, which would look as if they were damaged.
      throw new InterruptedException();
    }
    return new Preparation(
        prepared.topology(),
        prepared.facts().withSnapshots(new Search(prepared).byNode()),
        prepared.options(),
        prepared.missingImages());
  }

  /** Looks for the snapshots of one topology, each kind of guest once. */
  private final class Search {

    private final Preparation prepared;
    private final Map<String, List<Endpoint>> ends;
    private final String processor = "processor " + HostResources.processor();

    /** By the lines of their keys, whose equality Java need not make first, as that of a record. */
    private final Map<List<String>, Optional<Snapshot>> known = new HashMap<>();

    Search(Preparation prepared) {
      this.prepared = prepared;
      this.ends = prepared.topology().endpointsByNode();
    }

    Map<String, Snapshot> byNode() throws PlanException, InterruptedException {
      Map<String, Snapshot> byNode = new HashMap<>();
      for (Node node : prepared.topology().nodes()) {
        if (prepared.facts().canBeCloned(node)) {
          of(node).ifPresent(it -> byNode.put(node.name(), it));
        }
      }
      return byNode;
    }

    private Optional<Snapshot> of(Node node) throws PlanException, InterruptedException {
      Mould mould = Mould.of(node, ends.getOrDefault(node.name(), List.of()), prepared.facts());
      try {
        SnapshotKey key = mould.key(processor);
        Optional<Snapshot> found = known.get(key.lines());
        if (found == null) {
          found = snapshot(node, mould, key);
          known.put(key.lines(), found);
        }
        return found;
      } catch (PlanException ofMould) {
        // What is wrong with the node, the plan says by its own name.
        var unused = prepared.plan();
        return Optional.empty();
      }
    }
  }

  private Optional<Snapshot> snapshot(Node node, Mould mould, SnapshotKey key)
      throws InterruptedException {
    try {
      return Optional.of(
          store.findOrMake(
              key,
              guest -> {
                requireRoom(node.memory(), guest);
                return save(node.name(), mould, guest);
              }));
    } catch (SnapshotException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return Optional.empty();
    }
  }

  /** So that no guest is booted, at each start, that cannot be saved. */
  private static void requireRoom(Memory memory, SavedGuest guest) throws IOException {
    File directory = Objects.requireNonNull(guest.memory().getParent()).toFile();
    Memory room = new Memory(directory.getUsableSpace());
    if (directory.getTotalSpace() > 0 && room.bytes() < memory.bytes() + STATE_BYTES) {
      throw new IOException("a guest needs " + memory + ", and there is room for " + room);
    }
  }

  private List<MacAddress> save(String node, Mould mould, SavedGuest guest)
      throws SnapshotException, IOException, InterruptedException {
    builds.saving(node);
    try {
      PlanOptions saving = new PlanOptions(runDirectory()).tellingNothing();
      try (Launch launch = launch(mould.plan(mould.facts(), saving))) {
        launch.topology().awaitReady();
        Path socket = launch.directory().resolve("save");
        GuestSaver.save(launch.topology().node(GUEST), socket, guest);
      }
      Snapshot snapshot = new Snapshot(guest, mould.macs());
      HostFacts facts = mould.facts().withSnapshots(Map.of(GUEST, snapshot));
      try (Launch launch = launch(mould.plan(facts, new PlanOptions(runDirectory())))) {
        launch.topology().awaitReady();
      }
      return mould.macs();
    } catch (PlanException | RunException e) {
      throw new SnapshotException(
          "a guest cannot be saved and cloned on this host: " + e.getMessage(), e);
    }
  }

  private static Launch launch(LaunchPlan plan) {
    Launch launch = Launch.start(plan, RunListener.SILENT);
    launch.discardFiles();
    return launch;
  }

  private Path runDirectory() {
    return runtime.resolve(Mould.NAME + "-" + ProcessHandle.current().pid());
  }

  /**
   * A guest like a node, in a topology of its own.
   *
   * @param facts of the host
   */
  private record Mould(Topology topology, HostFacts facts) {

    /** The same for all, for it is in QEMU's arguments. */
    static final String NAME = "snapshot";

    /**
     * @param ends those that are plugged into the node
     */
    static Mould of(Node node, List<Endpoint> ends, HostFacts facts) {
      List<Cable> cables = new ArrayList<>();
      for (int i = 0; i < ends.size(); i++) {
        OptionalInt mtu = ends.get(i).mtu();
        Endpoint end = new Endpoint(GUEST, "eth" + (i + 1), mac(i), List.of(), false, mtu);
        cables.add(new Cable("cable" + i, end, new SwitchEnd(SWITCH), Optional.empty()));
      }
      List<Switch> switches = ends.isEmpty() ? List.of() : List.of(new Switch(SWITCH, List.of()));
      return new Mould(new Topology(NAME, List.of(node.untold(GUEST)), switches, cables), facts);
    }

    private static MacAddress mac(int index) {
      return MacAddress.parse("02:00:00:00:00:%02x".formatted(index)).orElseThrow();
    }

    /** What its network cards have for addresses, in their order. */
    List<MacAddress> macs() {
      Stream<MacAddress> host =
          topology.nodes().get(0).hostNetwork().stream().map(it -> Greeting.HOST_MAC);
      return Stream.concat(host, IntStream.range(0, topology.cables().size()).mapToObj(Mould::mac))
          .toList();
    }

    LaunchPlan plan(HostFacts host, PlanOptions options) throws PlanException {
      return Planner.plan(topology, host, options);
    }

    /**
     * QEMU, its arguments, the processor that runs it, and what the files are.
     *
     * @param processor of this host
     */
    SnapshotKey key(String processor) throws PlanException {
      LaunchPlan plan = plan(facts, new PlanOptions(Path.of("/run")).tellingNothing());
      NodePlan guest = plan.nodes().get(0);
      List<String> lines = new ArrayList<>();
      try {
        lines.add(FileStamp.named(guest.qemu().path()));
        lines.add(processor);
        for (String argument : guest.arguments()) {
          lines.add(argument.replace('\n', ' '));
        }
        for (Path file : guest.sources()) {
          lines.add(FileStamp.named(file));
        }
        return new SnapshotKey(lines);
      } catch (IOException e) {
        throw new PlanException("cannot look at what a guest boots: " + e.getMessage());
      }
    }
  }
}
