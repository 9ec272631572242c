package dev.topology.launch;

import dev.topology.disk.DiskFile;
import dev.topology.disk.DiskFileException;
import dev.topology.host.Host;
import dev.topology.host.HostPorts;
import dev.topology.host.HostResources;
import dev.topology.host.UnfitHostException;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageBuilder;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.initramfs.OverlayWriter;
import dev.topology.language.load.HostLimits;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.Disk;
import dev.topology.model.Disk.Source;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Topology;
import dev.topology.plan.FirmwarePlan;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.SavedRun;
import dev.topology.plan.StandalonePlan;
import dev.topology.run.RunDirectory;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.snapshot.SnapshotStore;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a file all the way to a running topology, one step at a time.
 *
 * <pre>{@code
 * Launcher launcher = new Launcher(UserDirectories.ofProcess());
 * if (launcher.load(Path.of("pair.yaml")) instanceof LoadResult.Loaded loaded) {
 *   LaunchPlan plan = launcher.prepare(loaded.topology(), new BuildListener() {}).plan();
 *   try (Launch launch = Launch.start(plan, RunListener.SILENT)) {
 *     TopologyOutcome outcome = launch.topology().awaitOutcome();
 *   }
 * }
 * }</pre>
 *
 * <p>Holds nothing open, and may be used by several threads.
 */
public final class Launcher {

  private final UserDirectories user;

  /** Made when it is first needed, since that takes a tenth of a second; guarded by this. */
  private @Nullable TopologyLoader loader;

  public Launcher(UserDirectories user) {
    this.user = user;
  }

  private GuestImages images(Architecture architecture) {
    return new GuestImages(
        user,
        host().architecture(),
        architecture,
        image -> MicroVmGuest.boot(this, architecture, image));
  }

  /**
   * Reads a file; every mistake in it is in the result, and so is what this host lacks for it.
   *
   * @param file as the user named it, which is how diagnostics name it
   */
  public LoadResult load(Path file) {
    return loader().loadFile(file, user.environment());
  }

  /**
   * Reads a topology from a stream, to its end; relative paths in it start in the current
   * directory.
   *
   * @param name what diagnostics call it: {@code <stdin>}
   */
  public LoadResult load(InputStream in, String name) {
    return loader().loadStream(in, name, user.directory(), user.environment());
  }

  /**
   * Reads what a topology that runs is to become, from a stream to its end.
   *
   * @param name what diagnostics call it
   */
  public LoadResult loadAfter(Topology running, InputStream in, String name) {
    return loader().loadStreamAfter(running, in, name, user.directory(), user.environment());
  }

  private synchronized TopologyLoader loader() {
    if (loader == null) {
      loader = new TopologyLoader(limits());
    }
    return loader;
  }

  /** What a loader may warn of on this host. Reads some small files, and runs nothing. */
  private HostLimits limits() {
    OptionalLong memory = HostResources.read().memoryTotal();
    return new HostLimits(
        host().architecture(),
        memory.isPresent() ? Optional.of(new Memory(memory.getAsLong())) : Optional.empty(),
        HostPorts.first(),
        this::imageNames,
        (architecture, image) -> images(architecture).moduleNames(image),
        container -> user.containers().platforms(container),
        !host().mayOpenKvm(),
        new UsedPorts());
  }

  /**
   * Unknown if the store cannot be read: preparing a topology that needs an image then says why.
   */
  private Optional<Set<String>> imageNames(Architecture architecture) {
    try {
      return Optional.of(images(architecture).names());
    } catch (ImageException unreadable) {
      return Optional.empty();
    }
  }

  /** Reads them when it is first asked, and then no more. Thread-safe. */
  private static final class UsedPorts implements Supplier<Map<Protocol, Set<InetSocketAddress>>> {

    private @Nullable Map<Protocol, Set<InetSocketAddress>> found;

    @Override
    public synchronized Map<Protocol, Set<InetSocketAddress>> get() {
      if (found == null) {
        found = HostPorts.used();
      }
      return found;
    }
  }

  /** Builds images of this host's own architecture into the store of this user. */
  public ImageBuilder imageBuilder() {
    return imageBuilder(host().architecture());
  }

  /** Builds images of an architecture into the store of this user. */
  public ImageBuilder imageBuilder(Architecture architecture) {
    return images(architecture).builder();
  }

  /**
   * Gets everything ready. Builds the built-in guest image where the topology needs it and it is
   * missing, which can take minutes; runs QEMU for a few seconds where this host has not been
   * looked at since it booted.
   *
   * @throws UnfitHostException if there is no QEMU that could run it
   * @throws ImageException if an image is damaged, or cannot be built
   */
  public Preparation prepare(Topology topology, BuildListener builds)
      throws UnfitHostException, ImageException, InterruptedException {
    return prepare(topology, List.of(), builds);
  }

  /**
   * Gets everything ready, as {@link #prepare(Topology, BuildListener)} does, after building those
   * of the given images that are missing or lack a package.
   */
  public Preparation prepare(Topology topology, List<ImageRecipe> recipes, BuildListener builds)
      throws UnfitHostException, ImageException, InterruptedException {
    // First what fails fast: nobody wants to wait for an image that no QEMU will boot.
    Host host = host();
    for (Architecture each : topology.architectures()) {
      host.qemu(each);
    }
    Map<Architecture, GuestFacts> guests = new EnumMap<>(Architecture.class);
    for (Architecture each : topology.architectures()) {
      GuestImages images = images(each);
      for (ImageRecipe recipe : recipes) {
        if (images.references(topology).contains(recipe.name())) {
          images.ensure(recipe, builds);
        }
      }
      guests.put(
          each,
          host.guests(
              each,
              accelerators(topology, each),
              images.required(topology, builds),
              images.requiredContainers(topology, builds),
              FirmwarePlan.isWanted(topology)));
    }
    return prepare(topology, host, guests, List.of());
  }

  private static Set<Accelerator> accelerators(Topology topology, Architecture architecture) {
    return topology.nodes().stream()
        .filter(it -> it.architecture() == architecture)
        .map(Node::accelerator)
        .collect(Collectors.toSet());
  }

  /**
   * The same, with nodes that are clones of saved guests instead of booting, where that can be. A
   * guest that is missing is saved first, which takes about as long as it boots.
   *
   * @throws PlanException as {@link Preparation#plan} does
   */
  public Preparation withClones(Preparation prepared, BuildListener builds)
      throws PlanException, InterruptedException {
    Launch.requirePrivate(user.runtime());
    return new Clones(new SnapshotStore(user.snapshots()), user.runtime(), builds).with(prepared);
  }

  /** Both, {@link #prepare(Topology, BuildListener)} and {@link #withClones}. */
  public Preparation prepareClones(Topology topology, BuildListener builds)
      throws UnfitHostException, ImageException, PlanException, InterruptedException {
    return withClones(prepare(topology, builds), builds);
  }

  /**
   * Looks at everything, but builds nothing: images that are missing are taken to be where they
   * will be once they are built.
   */
  public Preparation preview(Topology topology)
      throws UnfitHostException, ImageException, InterruptedException {
    Host host = host();
    List<String> missing = new ArrayList<>();
    Map<Architecture, GuestFacts> guests = new EnumMap<>(Architecture.class);
    for (Architecture each : topology.architectures()) {
      GuestImages images = images(each);
      Map<String, BootableImage> all = new LinkedHashMap<>(images.present(topology));
      for (String name : images.references(topology)) {
        if (!all.containsKey(name)) {
          missing.add(name);
          all.put(name, images.promised(name));
        }
      }
      Map<ContainerReference, Path> disks = images.promisedContainers(topology);
      disks.forEach(
          (reference, disk) -> {
            if (!Files.exists(disk)) {
              missing.add(reference.toString());
            }
          });
      guests.put(
          each,
          host.guests(
              each, accelerators(topology, each), all, disks, FirmwarePlan.isWanted(topology)));
    }
    return prepare(topology, host, guests, missing);
  }

  /**
   * Where a process of its own may write that is about to run a topology; what is missing of the
   * way there is made.
   *
   * @throws LaunchException if that is not possible
   */
  public Path supervisorLog(Topology topology) {
    Launch.requirePrivate(user.runtime());
    return RunDirectory.supervisorLog(runDirectory(topology));
  }

  /** Where a topology's files are as long as it runs. */
  public Path runDirectory(Topology topology) {
    return user.runtime().resolve(topology.name());
  }

  private Preparation prepare(
      Topology topology, Host host, Map<Architecture, GuestFacts> guests, List<String> missing)
      throws ImageException, InterruptedException {
    boolean shares = topology.nodes().stream().anyMatch(it -> !it.shares().isEmpty());
    return new Preparation(
        topology,
        new HostFacts(
            guests,
            shares ? host.sharing() : SharingVerdict.UNASKED,
            disks(topology),
            unaligned(topology, guests.values()),
            Map.of()),
        new PlanOptions(runDirectory(topology)),
        missing);
  }

  private static Set<Path> unaligned(Topology topology, Collection<GuestFacts> guests) {
    return Stream.concat(
            topology.nodes().stream().flatMap(node -> node.boot().initramfs().stream()),
            guests.stream()
                .flatMap(it -> it.images().values().stream())
                .flatMap(image -> image.initramfs().stream()))
        .filter(file -> !OverlayWriter.isAligned(file))
        .collect(Collectors.toSet());
  }

  /** What the files of its disks are now. They were looked at when the file was read, if it was. */
  private static Map<Source.OfFile, DiskFile> disks(Topology topology) throws ImageException {
    Map<Source.OfFile, DiskFile> files = new LinkedHashMap<>();
    for (Node node : topology.nodes()) {
      for (Disk disk : node.disks()) {
        if (disk.source().file().isPresent()) {
          Source.OfFile source = disk.source().file().get();
          try {
            files.put(source, DiskFile.read(source));
          } catch (DiskFileException e) {
            throw new ImageException(
                "the disk %s of node \"%s\", %s, %s: %s"
                    .formatted(disk.name(), node.name(), source.path(), e.why(), e.remedy()),
                e);
          }
        }
      }
    }
    return files;
  }

  private Host host() {
    return Host.of(user.cache(), user.environment());
  }

  /**
   * A topology and all that is needed to plan it.
   *
   * @param topology what is to be brought up
   * @param facts what was found out about this host
   * @param options where its files will be
   * @param missingImages names of guest images that have to be built before it can be brought up
   */
  public record Preparation(
      Topology topology, HostFacts facts, PlanOptions options, List<String> missingImages) {

    public Preparation {
      missingImages = List.copyOf(missingImages);
    }

    /**
     * Everything that bringing it up does. Pure.
     *
     * @throws PlanException if an image it names is missing, or it asks for KVM in vain
     */
    public LaunchPlan plan() throws PlanException {
      return Planner.plan(topology, facts, options);
    }

    /**
     * What a run becomes that carries out another plan: in its directory, under its name.
     *
     * @throws PlanException as {@link #plan()}
     */
    public LaunchPlan planAfter(LaunchPlan running) throws PlanException {
      boolean kernelLogApart =
          running.nodes().stream().anyMatch(node -> node.kernelLog().isPresent());
      PlanOptions there = options.in(running.runDirectory());
      return Planner.plan(
          topology.named(running.topology().name()),
          facts,
          kernelLogApart ? there.withKernelLogApart() : there);
    }

    /**
     * The same, but all nodes go on from where they were when a run of this topology was saved by
     * {@link dev.topology.run.RunningTopology#checkpoint}. Pure.
     *
     * @throws PlanException as {@link #plan()}
     */
    public LaunchPlan planFrom(SavedRun run) throws PlanException {
      return Planner.plan(topology, facts, options.restoring(run));
    }

    /** How one of its nodes is booted alone, by a shell. Pure. */
    public StandalonePlan standalone(Node node) throws PlanException {
      return Planner.standalone(topology, facts, options, node);
    }
  }
}
