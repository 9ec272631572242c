package dev.topology.plan;

import dev.topology.disk.DiskFile;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.Cable;
import dev.topology.model.Cable.Shaper;
import dev.topology.model.Command;
import dev.topology.model.ContainerReference;
import dev.topology.model.Disk;
import dev.topology.model.Disk.Format;
import dev.topology.model.Disk.Source;
import dev.topology.model.Endpoint;
import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.Pc;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness;
import dev.topology.model.Route;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.KvmVerdict;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.HostFacts.UefiFirmware;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.guest.ShareFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.StringJoiner;

/** Topologies built in code, and a host to plan them for. */
public final class Lab {

  public static final PlanOptions OPTIONS = new PlanOptions(Path.of("/run/user/1000/topology/lab"));

  private final List<Node> nodes = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();

  /** A plan as it is printed. */
  public static String text(LaunchPlan plan) {
    StringJoiner pieces = new StringJoiner("\n", "", "\n");
    new PlanText(plan).all(pieces::add);
    return pieces.toString();
  }

  /** A host without KVM that has the image {@code default}. */
  public static HostFacts host() {
    return host(NO_KVM, /* hasAgent= */ false);
  }

  /** The same, and the image has an agent. */
  static HostFacts hostWithAgent() {
    return host(NO_KVM, /* hasAgent= */ true);
  }

  /** The same host, with those guest images for guests of all architectures. */
  public static HostFacts host(KvmVerdict kvm, Map<String, BootableImage> images) {
    Map<Architecture, GuestFacts> guests = new EnumMap<>(Architecture.class);
    guests.put(Architecture.AMD64, guests(QEMU, kvm, images, Map.of()));
    guests.put(Architecture.ARM64, guests(QEMU_ARM64, kvm, images, Map.of()));
    return new HostFacts(guests, HostFacts.SharingVerdict.UNASKED, Map.of(), Set.of(), Map.of());
  }

  /**
   * The same host, which can share directories as well, and has the container images of a topology
   * and its disks, each a qcow2 image of a gibibyte unless the topology says another format.
   */
  public static HostFacts withDisksOf(Topology topology, HostFacts host) {
    Map<ContainerReference, Path> containers = new HashMap<>();
    Map<Source.OfFile, DiskFile> disks = new HashMap<>();
    for (Node node : topology.nodes()) {
      node.boot().container().ifPresent(it -> containers.put(it, Path.of("/cache/disks/c.erofs")));
      node.disks().stream()
          .flatMap(disk -> disk.source().file().stream())
          .forEach(
              it ->
                  disks.put(
                      it,
                      new DiskFile(
                          it.path(),
                          it.format().orElse(Format.QCOW2),
                          it.path().startsWith("/dev"),
                          1 << 30,
                          Optional.empty())));
    }
    Map<Architecture, GuestFacts> guests = new EnumMap<>(Architecture.class);
    host.guests()
        .forEach(
            (architecture, its) ->
                guests.put(architecture, guests(its.qemu(), its.kvm(), its.images(), containers)));
    return new HostFacts(guests, SHARING, disks, Set.of(), Map.of());
  }

  public static final KvmVerdict KVM = new KvmVerdict(true, "a guest ran in 12 ms");
  public static final KvmVerdict NO_KVM = new KvmVerdict(false, "there is no /dev/kvm");
  private static final KvmVerdict FOREIGN = new KvmVerdict(false, "it runs amd64 guests only");

  private static final QemuBinary QEMU =
      new QemuBinary(Path.of("/usr/bin/qemu-system-x86_64"), "7.2.22", true);
  private static final QemuBinary QEMU_ARM64 =
      new QemuBinary(Path.of("/usr/bin/qemu-system-aarch64"), "7.2.22", true);

  private static final UefiFirmware UEFI =
      new UefiFirmware(
          Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd"), Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd"));

  private static final UefiFirmware UEFI_ARM64 =
      new UefiFirmware(
          Path.of("/usr/share/AAVMF/AAVMF_CODE.fd"), Path.of("/usr/share/AAVMF/AAVMF_VARS.fd"));

  /** A virtiofsd that can do everything. */
  public static final SharingVerdict SHARING =
      new SharingVerdict(
          Optional.of(
              new Virtiofsd(
                  Path.of("/usr/libexec/virtiofsd"),
                  Virtiofsd.Dialect.RUST,
                  Virtiofsd.Isolation.OWN_USERS,
                  /* readOnly= */ true,
                  /* squashes= */ true)),
          "it has name spaces of its own");

  static HostFacts hostWithKvm() {
    return host(KVM, /* hasAgent= */ false);
  }

  /** The same as {@link #host}, with what is known of sharing directories. */
  static HostFacts hostWith(SharingVerdict sharing) {
    return new HostFacts(host().guests(), sharing, Map.of(), Set.of(), Map.of());
  }

  /** The same as {@link #host}, where an initramfs is not of whole pages. */
  static HostFacts hostWithUnaligned(Path initramfs) {
    return new HostFacts(
        host().guests(), HostFacts.SharingVerdict.UNASKED, Map.of(), Set.of(initramfs), Map.of());
  }

  /** The same as {@link #host}, and the image has a disk of modules. */
  static HostFacts hostWithModules(Path modules) {
    BootableImage image = Objects.requireNonNull(guests().images().get("default"));
    BootableImage with =
        new BootableImage(
            image.name(),
            image.kernel(),
            image.initramfs(),
            Optional.of(modules),
            image.cmdline(),
            image.speaksControl(),
            image.hasAgent(),
            image.shareFileSystems());
    return HostFacts.of(Architecture.AMD64, guests(QEMU, Map.of("default", with)));
  }

  /** What amd64 guests find on {@link #host}. */
  static GuestFacts guests() {
    return host().of(Architecture.AMD64);
  }

  static GuestFacts guests(QemuBinary qemu, Map<String, BootableImage> images) {
    return guests(qemu, NO_KVM, images, Map.of());
  }

  static GuestFacts guests(
      QemuBinary qemu,
      KvmVerdict kvm,
      Map<String, BootableImage> images,
      Map<ContainerReference, Path> containers) {
    return new GuestFacts(
        qemu,
        kvm,
        2_100_000,
        images,
        new HostFacts.ConfinementVerdict(true, List.of(Path.of("/usr")), "Landlock"),
        containers,
        Optional.of(qemu.equals(QEMU_ARM64) ? UEFI_ARM64 : UEFI));
  }

  private static HostFacts host(KvmVerdict kvm, boolean hasAgent) {
    Map<Architecture, GuestFacts> guests = new EnumMap<>(Architecture.class);
    guests.put(Architecture.AMD64, guests(QEMU, kvm, image("/cache/images", hasAgent), Map.of()));
    guests.put(
        Architecture.ARM64,
        guests(QEMU_ARM64, FOREIGN, image("/cache/images-arm64", hasAgent), Map.of()));
    return new HostFacts(guests, HostFacts.SharingVerdict.UNASKED, Map.of(), Set.of(), Map.of());
  }

  /** An arm64 host, with KVM or without. */
  static HostFacts armHost(boolean kvm) {
    return HostFacts.of(
        Architecture.ARM64,
        guests(
            QEMU_ARM64,
            kvm ? KVM : NO_KVM,
            image("/cache/images-arm64", /* hasAgent= */ true),
            Map.of()));
  }

  private static Map<String, BootableImage> image(String images, boolean hasAgent) {
    Path directory = Path.of(images).resolve("default");
    return Map.of(
        "default",
        new BootableImage(
            "default",
            directory.resolve("kernel"),
            Optional.of(directory.resolve("initramfs")),
            Optional.empty(),
            "",
            /* speaksControl= */ true,
            hasAgent,
            EnumSet.allOf(ShareFileSystem.class)));
  }

  public static Topology pair() {
    return new Lab().node("left").node("right").cable("left", 1, "right", 1).topology("pair");
  }

  /** A chain of that many nodes, each cabled to the next. */
  static Topology line(int length) {
    Lab lab = new Lab();
    for (int i = 0; i < length; i++) {
      lab.node("n" + i);
    }
    for (int i = 0; i + 1 < length; i++) {
      lab.cable("n" + i, 2, "n" + (i + 1), 1);
    }
    return lab.topology("line");
  }

  Lab node(String name) {
    return node(new Draft(name));
  }

  Lab node(Draft draft) {
    nodes.add(draft.node());
    return this;
  }

  Lab cable(String left, int leftNumber, String right, int rightNumber) {
    return cable(left, leftNumber, right, rightNumber, Optional.empty());
  }

  Lab cable(String left, int leftNumber, String right, int rightNumber, Optional<Path> capture) {
    return cable(left, leftNumber, right, rightNumber, capture, Optional.empty());
  }

  Lab shapedCable(String left, int leftNumber, String right, int rightNumber, Shaper shaper) {
    return cable(left, leftNumber, right, rightNumber, Optional.empty(), Optional.of(shaper));
  }

  /** With a pair of addresses derived from the number of the cable. */
  private Lab cable(
      String left,
      int leftNumber,
      String right,
      int rightNumber,
      Optional<Path> capture,
      Optional<Shaper> shaper) {
    int number = cables.size();
    Endpoint one = end(left, leftNumber, 2 * number);
    Endpoint other = end(right, rightNumber, 2 * number + 1);
    cables.add(new Cable(one + "--" + other, one, other, capture, shaper));
    return this;
  }

  Topology topology(String name) {
    return new Topology(name, nodes, List.of(), cables);
  }

  private static Endpoint end(String node, int number, int address) {
    String name = "eth" + number;
    String text =
        "10.%d.%d.%d/31".formatted(64 + (address >> 16), (address >> 8) & 255, address & 255);
    return new Endpoint(
        node,
        name,
        MacAddress.derive("lab", node, name),
        List.of(InterfaceAddress.parse(text).orElseThrow()),
        false,
        OptionalInt.empty());
  }

  /** A node with the language's defaults, to be changed key by key. */
  static final class Draft {

    private final String name;
    private BootSource boot =
        new BootSource(Optional.of("default"), Optional.empty(), Optional.empty(), "");
    private int cpus = 1;
    private Architecture architecture = Architecture.AMD64;
    private Accelerator accelerator = Accelerator.AUTO;
    private Optional<HostNetwork> hostNetwork = Optional.of(new HostNetwork(false));
    private List<PortForward> ports = List.of();
    private List<GuestService> services = List.of();
    private List<String> channels = List.of();
    private List<FileOverlay> files = List.of();
    private List<Disk> disks = List.of();
    private Optional<Pc> pc = Optional.empty();
    private Optional<Command> command = Optional.empty();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Readiness readiness = Readiness.DEFAULT;
    private List<Route> routes = List.of();
    private boolean forwarding;
    private List<String> modules = List.of();
    private final Map<String, String> sysctls = new LinkedHashMap<>();
    private List<String> qemuArgs = List.of();

    Draft(String name) {
      this.name = name;
    }

    Draft boot(BootSource boot) {
      this.boot = boot;
      return this;
    }

    Draft cpus(int cpus) {
      this.cpus = cpus;
      return this;
    }

    Draft architecture(Architecture architecture) {
      this.architecture = architecture;
      return this;
    }

    Draft accelerator(Accelerator accelerator) {
      this.accelerator = accelerator;
      return this;
    }

    Draft withoutHostNetwork() {
      this.hostNetwork = Optional.empty();
      return this;
    }

    Draft withOutside() {
      this.hostNetwork = Optional.of(new HostNetwork(true));
      return this;
    }

    Draft ports(PortForward... ports) {
      this.ports = List.of(ports);
      return this;
    }

    Draft services(GuestService... services) {
      this.services = List.of(services);
      return this;
    }

    Draft channels(String... channels) {
      this.channels = List.of(channels);
      return this;
    }

    Draft files(FileOverlay... files) {
      this.files = List.of(files);
      return this;
    }

    Draft disks(Disk... disks) {
      this.disks = List.of(disks);
      return this;
    }

    Draft pc(Pc pc) {
      this.pc = Optional.of(pc);
      return this;
    }

    Draft command(String text) {
      this.command = Optional.of(Command.ofShell(text));
      return this;
    }

    Draft env(String name, String value) {
      environment.put(name, value);
      return this;
    }

    Draft modules(String... modules) {
      this.modules = List.of(modules);
      return this;
    }

    Draft sysctl(String path, String value) {
      sysctls.put(path, value);
      return this;
    }

    Draft ready(Readiness.Condition condition) {
      this.readiness = new Readiness(Optional.of(condition), Optional.empty());
      return this;
    }

    Draft routes(Route... routes) {
      this.routes = List.of(routes);
      return this;
    }

    Draft forwarding() {
      this.forwarding = true;
      return this;
    }

    Draft qemuArgs(String... arguments) {
      this.qemuArgs = List.of(arguments);
      return this;
    }

    private Node node() {
      return new Node(
          name,
          boot,
          architecture,
          pc,
          Memory.ofMebibytes(256),
          cpus,
          accelerator,
          hostNetwork,
          ports,
          services,
          channels,
          files,
          List.of(),
          disks,
          command,
          List.of(),
          environment,
          readiness,
          routes,
          forwarding,
          modules,
          sysctls,
          List.of(),
          Node.OnExit.DONE,
          Optional.empty(),
          qemuArgs);
    }
  }

  static PortForward forward(Protocol protocol, int guestPort, int hostPort) {
    return new PortForward(
        protocol,
        guestPort,
        IpAddress.LOOPBACK,
        hostPort == 0 ? OptionalInt.empty() : OptionalInt.of(hostPort));
  }

  static GuestService service(String guestAddress, int guestPort, String host, int hostPort) {
    return new GuestService(address(guestAddress), guestPort, new Target.Tcp(host, hostPort));
  }

  static IpAddress address(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
