package dev.topology.host;

import dev.topology.host.KvmProbe.Kvm;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.ConfinementVerdict;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.KvmVerdict;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.HostFacts.SharingVerdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this machine offers to topologies.
 *
 * <p>Nothing is examined before it is asked for. Results of slow probes are cached, so most calls
 * take a millisecond; the comments name those that may run QEMU. Immutable, apart from the cache;
 * holds nothing open; thread-safe.
 */
public final class Host {

  /** A placeholder for the counter's rate where no emulated guest has the counter. */
  private static final long UNUSED_TSC_KHZ = 1_000_000;

  private final ProbeCache cache;
  private final Architecture architecture;
  private final Map<String, String> environment;

  private Host(ProbeCache cache, Architecture architecture, Map<String, String> environment) {
    this.cache = cache;
    this.architecture = architecture;
    this.environment = Map.copyOf(environment);
  }

  /**
   * The machine this runs on.
   *
   * @param cache where results are cached, {@code ~/.cache/topology} as a rule; need not exist
   * @param environment {@link System#getenv()}: {@code PATH}, {@code TOPOLOGY_QEMU}, {@code
   *     TOPOLOGY_QEMU_ARM64} or {@code TOPOLOGY_QEMU_AMD64}, {@code TOPOLOGY_VIRTIOFSD}, {@code
   *     TOPOLOGY_FIRMWARE} and {@code LD_LIBRARY_PATH} are used
   */
  public static Host of(Path cache, Map<String, String> environment) {
    return new Host(
        new ProbeCache(cache.resolve("host")),
        Architecture.ofHost(System.getProperty("os.arch", "")),
        environment);
  }

  /** The same machine, with everything probed anew, and cached. */
  public Host fresh() {
    return new Host(cache.fresh(), architecture, environment);
  }

  /** Its own architecture. */
  public Architecture architecture() {
    return architecture;
  }

  /**
   * The QEMU that runs guests of an architecture. May start it four times, 20 ms each.
   *
   * @throws UnfitHostException if there is none, or it is not a QEMU, or one that cannot run them
   */
  public Qemu qemu(Architecture ofGuests) throws UnfitHostException, InterruptedException {
    return Qemu.examine(new QemuLocator(environment, architecture, ofGuests), cache);
  }

  /** Whether guests can use KVM. May run some guests, for less than two seconds as a rule. */
  Kvm kvm(Qemu qemu) throws InterruptedException {
    return new KvmProbe(cache).probe(qemu);
  }

  /** Whether QEMU can be kept to its own files. May run a guest for a fifth of a second. */
  ConfinementVerdict confinement(Qemu qemu) throws InterruptedException {
    return new ConfinementProbe(cache, Optional.ofNullable(environment.get("LD_LIBRARY_PATH")))
        .probe(qemu);
  }

  /**
   * Whether directories can be shared with guests, and by what. May start virtiofsd once, and a few
   * shells.
   */
  public SharingVerdict sharing() throws InterruptedException {
    return new VirtiofsdProbe(cache, environment).probe();
  }

  /** Where a UEFI may be. */
  UefiLocator uefi() {
    return new UefiLocator(environment);
  }

  /**
   * The rate of the time stamp counter, if it can be found out. May run a guest for a fifth of a
   * second.
   */
  Optional<TscProbe.Rate> tscRate(Qemu qemu) throws InterruptedException {
    return new TscProbe(cache).probe(qemu);
  }

  /** Whether this user may open /dev/kvm, which is less than that guests run on it. */
  public boolean mayOpenKvm() {
    return Files.isReadable(KvmProbe.DEVICE) && Files.isWritable(KvmProbe.DEVICE);
  }

  /**
   * What a plan needs to know of guests of an architecture. Whether KVM works is only found out
   * where a node may use it, and the counter's rate only where a node may be emulated.
   *
   * @param wanted what those nodes of the topology ask for
   * @param images the guest images that they name, found by others
   * @param containers the disks of container images that they name, found by others
   * @param uefi whether one of them boots by UEFI
   * @throws UnfitHostException if no plan for this host could work
   */
  public GuestFacts guests(
      Architecture ofGuests,
      Set<Accelerator> wanted,
      Map<String, BootableImage> images,
      Map<ContainerReference, Path> containers,
      boolean uefi)
      throws UnfitHostException, InterruptedException {
    Qemu qemu = qemu(ofGuests);
    KvmVerdict kvm = verdict(qemu, wanted);
    boolean emulated = wanted.contains(Accelerator.TCG) || !kvm.proven();
    return new GuestFacts(
        new QemuBinary(qemu.path(), qemu.version().toString(), qemu.has9p()),
        kvm,
        emulated && ofGuests == Architecture.AMD64 ? requiredTscKhz(qemu) : UNUSED_TSC_KHZ,
        images,
        confinement(qemu),
        containers,
        uefi ? uefi().locate(ofGuests) : Optional.empty());
  }

  private KvmVerdict verdict(Qemu qemu, Set<Accelerator> wanted) throws InterruptedException {
    if (qemu.architecture() != architecture) {
      return new KvmVerdict(
          false, "it runs guests of this host's architecture, " + architecture + ", only");
    }
    if (wanted.contains(Accelerator.AUTO) || wanted.contains(Accelerator.KVM)) {
      Kvm kvm = kvm(qemu);
      return new KvmVerdict(kvm instanceof Kvm.Proven, kvm.reason());
    }
    return new KvmVerdict(false, "no node asks for it");
  }

  private long requiredTscKhz(Qemu qemu) throws UnfitHostException, InterruptedException {
    return tscRate(qemu)
        .map(TscProbe.Rate::khz)
        .orElseThrow(
            () ->
                new UnfitHostException(
                    "cannot find out the rate of the time stamp counter: "
                        + qemu.path()
                        + " does not run the probe guest, and /proc/cpuinfo does not tell",
                    "Look whether QEMU's firmware is installed (qboot.rom, in Debian's"
                        + " qemu-system-data)."));
  }
}
