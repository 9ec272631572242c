package dev.topology.host;

import dev.topology.host.KvmProbe.Kvm;
import dev.topology.model.Accelerator;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.ConfinementVerdict;
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

  /** A placeholder for the counter's rate where every node runs on KVM, which does not need it. */
  private static final long UNUSED_TSC_KHZ = 1_000_000;

  private final ProbeCache cache;
  private final QemuLocator locator;
  private final Map<String, String> environment;

  private Host(ProbeCache cache, QemuLocator locator, Map<String, String> environment) {
    this.cache = cache;
    this.locator = locator;
    this.environment = Map.copyOf(environment);
  }

  /**
   * The machine this runs on.
   *
   * @param cache where results are cached, {@code ~/.cache/topology} as a rule; need not exist
   * @param environment {@link System#getenv()}: {@code PATH}, {@code TOPOLOGY_QEMU}, {@code
   *     TOPOLOGY_VIRTIOFSD} and {@code LD_LIBRARY_PATH} are used
   */
  public static Host of(Path cache, Map<String, String> environment) {
    return new Host(
        new ProbeCache(cache.resolve("host")), new QemuLocator(environment), environment);
  }

  /** The same machine, with everything probed anew, and cached. */
  public Host fresh() {
    return new Host(cache.fresh(), locator, environment);
  }

  /**
   * The QEMU to run. May start it three times, 20 ms each.
   *
   * @throws UnfitHostException if there is none, or it is not a QEMU
   */
  public Qemu qemu() throws UnfitHostException, InterruptedException {
    return Qemu.examine(locator.locate(), cache);
  }

  /** Whether guests can use KVM. May run some guests, for less than two seconds as a rule. */
  Kvm kvm(Qemu qemu) throws InterruptedException {
    return new KvmProbe(cache).probe(qemu.path());
  }

  /** Whether QEMU can be kept to its own files. May run a guest for a fifth of a second. */
  ConfinementVerdict confinement(Qemu qemu) throws InterruptedException {
    return new ConfinementProbe(cache, Optional.ofNullable(environment.get("LD_LIBRARY_PATH")))
        .probe(qemu.path());
  }

  /**
   * Whether directories can be shared with guests, and by what. May start virtiofsd once, and a few
   * shells.
   */
  public SharingVerdict sharing() throws InterruptedException {
    return new VirtiofsdProbe(cache, environment).probe();
  }

  /**
   * The rate of the time stamp counter, if it can be found out. May run a guest for a fifth of a
   * second.
   */
  Optional<TscProbe.Rate> tscRate(Qemu qemu) throws InterruptedException {
    return new TscProbe(cache).probe(qemu.path());
  }

  /** Whether this user may open /dev/kvm, which is less than that guests run on it. */
  public boolean mayOpenKvm() {
    return Files.isReadable(KvmProbe.DEVICE) && Files.isWritable(KvmProbe.DEVICE);
  }

  /**
   * What a plan needs to know. Whether KVM works is only found out where a node may use it, and the
   * counter's rate only where a node may be emulated.
   *
   * @param wanted what the nodes of the topology ask for
   * @param images the guest images the topology names, found by others
   * @throws UnfitHostException if no plan for this host could work
   */
  public HostFacts facts(Set<Accelerator> wanted, Map<String, BootableImage> images)
      throws UnfitHostException, InterruptedException {
    Qemu qemu = qemu();
    if (!qemu.microvm()) {
      throw new UnfitHostException(
          qemu.path() + " has no machine type \"microvm\"", QemuLocator.HOW_TO_INSTALL);
    }
    KvmVerdict kvm = verdict(qemu, wanted);
    boolean emulated = wanted.contains(Accelerator.TCG) || !kvm.proven();
    return new HostFacts(
        new QemuBinary(qemu.path(), qemu.version().toString()),
        kvm,
        emulated ? requiredTscKhz(qemu) : UNUSED_TSC_KHZ,
        images,
        confinement(qemu));
  }

  private KvmVerdict verdict(Qemu qemu, Set<Accelerator> wanted) throws InterruptedException {
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
