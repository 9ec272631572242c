package dev.topology.model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One microVM. Built by the loader from the keys of a node, its group and the defaults.
 *
 * @param name a DNS label, unique in the topology
 * @param boot what the machine boots
 * @param architecture what instructions it executes
 * @param pc where it is a PC, which boots from its own disk and nothing of {@code boot}
 * @param memory the guest's RAM
 * @param cpus virtual CPUs, 1 or more
 * @param accelerator what the user asked for; {@code AUTO} is settled by the planner
 * @param hostNetwork the first interface, where it is the user-mode host network
 * @param ports host ports that lead to ports of the guest
 * @param services services of the host that the guest can reach
 * @param channels names of extra bidirectional serial ports, unique within the node
 * @param files host files laid over the initramfs before boot
 * @param shares directories of the host that the guest has live; a directory before those in it
 * @param disks those that the user gives it, in order
 * @param command what the guest runs once its interfaces are up; without it, a shell
 * @param exec commands that are run once, in order, when the guest is set up
 * @param environment variables of what runs in the guest, by name, in order
 * @param readiness when dependants may start
 * @param routes static routes, in order
 * @param forwarding whether the guest forwards packets between its interfaces
 * @param modules names of kernel modules to load, in order, before the parameters are set
 * @param sysctls values of kernel parameters, by their path below /proc/sys, in order
 * @param dependsOn names of the nodes that must be ready before this one runs
 * @param onExit what a clean exit means
 * @param group the group it took keys from
 * @param qemuArgs added verbatim at the end of QEMU's argument list
 */
public record Node(
    String name,
    BootSource boot,
    Architecture architecture,
    Optional<Pc> pc,
    Memory memory,
    int cpus,
    Accelerator accelerator,
    Optional<HostNetwork> hostNetwork,
    List<PortForward> ports,
    List<GuestService> services,
    List<String> channels,
    List<FileOverlay> files,
    List<SharedDirectory> shares,
    List<Disk> disks,
    Optional<Command> command,
    List<Command> exec,
    Map<String, String> environment,
    Readiness readiness,
    List<Route> routes,
    boolean forwarding,
    List<String> modules,
    Map<String, String> sysctls,
    List<String> dependsOn,
    OnExit onExit,
    Optional<String> group,
    List<String> qemuArgs) {

  /** Most interfaces a node can have, the host interface included. Measured: QEMU.md, "Booting". */
  public static final int MAX_INTERFACES = 22;

  /** Most channels a node can have: 16 ports, less console, control port, shell and agent. */
  public static final int MAX_CHANNELS = 12;

  /** Most disks a node can have, so that there is always room for some interfaces. */
  public static final int MAX_DISKS = 12;

  public Node {
    ports = List.copyOf(ports);
    services = List.copyOf(services);
    channels = List.copyOf(channels);
    files = List.copyOf(files);
    shares = List.copyOf(shares);
    disks = List.copyOf(disks);
    exec = List.copyOf(exec);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    routes = List.copyOf(routes);
    modules = List.copyOf(modules);
    sysctls = Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
    dependsOn = List.copyOf(dependsOn);
    qemuArgs = List.copyOf(qemuArgs);
  }

  /** The same node, with other dependencies. */
  public Node dependingOn(List<String> others) {
    return new Node(
        name,
        boot,
        architecture,
        pc,
        memory,
        cpus,
        accelerator,
        hostNetwork,
        ports,
        services,
        channels,
        files,
        shares,
        disks,
        command,
        exec,
        environment,
        readiness,
        routes,
        forwarding,
        modules,
        sysctls,
        others,
        onExit,
        group,
        qemuArgs);
  }

  /** The same machine under another name, without its files and all that its guest is told. */
  public Node untold(String other) {
    return new Node(
        other,
        boot,
        architecture,
        pc,
        memory,
        cpus,
        accelerator,
        hostNetwork,
        List.of(),
        List.of(),
        channels,
        List.of(),
        shares,
        disks,
        Optional.empty(),
        List.of(),
        Map.of(),
        Readiness.DEFAULT,
        List.of(),
        false,
        List.of(),
        Map.of(),
        List.of(),
        OnExit.DONE,
        Optional.empty(),
        qemuArgs);
  }

  /** What a clean exit (status 0) of a node means. */
  public enum OnExit {
    /** A success: the node's task is done. */
    DONE,
    /** A failure: the node is a service that must stay up. */
    FAIL;

    /** As users write it: {@code done}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a node boots: an image, parts of which may be replaced, or a kernel of the user's own.
   *
   * @param image the name or directory of a guest image; empty only where {@code kernel} is given
   * @param container the container image that is the root of what runs on the guest image
   * @param kernel a Linux bzImage, ELF or arm64 Image; replaces the image's
   * @param initramfs replaces the image's; a node with neither boots the kernel alone
   * @param cmdline added after the planner's own kernel command line; may be empty
   */
  public record BootSource(
      Optional<String> image,
      Optional<ContainerReference> container,
      Optional<Path> kernel,
      Optional<Path> initramfs,
      String cmdline) {

    /**
     * Bytes of a kernel command line that Linux reads: COMMAND_LINE_SIZE in
     * arch/x86/include/asm/setup.h is 2048, one of them for the NUL at the end. It ignores the rest
     * without a word.
     */
    public static final int MAX_CMDLINE_BYTES = 2047;

    /** Bytes of {@code cmdline} for which there is room beside the planner's own part. */
    public static final int MAX_OWN_CMDLINE_BYTES = MAX_CMDLINE_BYTES - 127;

    /** Without a container. */
    public BootSource(
        Optional<String> image, Optional<Path> kernel, Optional<Path> initramfs, String cmdline) {
      this(image, Optional.empty(), kernel, initramfs, cmdline);
    }
  }

  /**
   * The user-mode network between a node and its host: the node's first interface, 10.42.0.0/24.
   *
   * @param outside whether the guest reaches more than the node's own forwards and services: the
   *     host's loopback, at 10.42.0.2, and every network that the host reaches
   */
  public record HostNetwork(boolean outside) {}

  /**
   * A host file or directory that the guest finds at a path of its own.
   *
   * @param guestPath absolute, normalised
   * @param hostPath absolute; its mode is kept
   */
  public record FileOverlay(String guestPath, Path hostPath) {}
}
