package dev.topology.language.document;

import dev.topology.language.document.MachineType.BootWay;
import dev.topology.language.value.Addresses.Destination;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.value.Ports.GuestPort;
import dev.topology.language.value.Ports.HostPort;
import dev.topology.language.value.Ports.ServiceAddress;
import dev.topology.language.value.Ports.ServiceTarget;
import dev.topology.language.value.ValueType;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.Command;
import dev.topology.model.IpAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
import dev.topology.model.Pc;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a node, a group or the defaults, as written; absent keys are null. */
public record NodeDocument(
    @Key(
            value =
                "A guest image, by its name or its directory: kernel, initramfs, kernel "
                    + "command line, and how it says that it is ready. `none` boots the `kernel` "
                    + "alone. Or a container image, which runs on the built-in guest image: "
                    + "of a registry (`docker.io/library/debian:12`), or `oci:PATH`, an image layout or a saved archive of the host, with `:NAME` "
                    + "where there are several images in it.",
            example = "default",
            without = "`default` unless `kernel` is given",
            type = ValueType.IMAGE)
        @Nullable ImageReference image,
    @Key(
            value =
                "A Linux kernel on the host (a bzImage, an ELF file, an Image of arm64), in place of the "
                    + "image's.",
            example = "vmlinuz",
            without = "the image's",
            type = ValueType.HOST_PATH)
        @Nullable HostPath kernel,
    @Key(
            value = "An initramfs file on the host, in place of the image's.",
            example = "initrd.img",
            without = "the image's",
            type = ValueType.HOST_PATH)
        @Nullable HostPath initramfs,
    @Key(
            value =
                "Kernel parameters, added after the planner's own (`reboot=t console=hvc0 "
                    + "quiet …`).",
            example = "loglevel=7",
            without = "empty",
            type = ValueType.KERNEL_ARGUMENTS)
        @Nullable String cmdline,
    @Key(
            value =
                "The guest's RAM: a whole number with KiB, MiB, GiB or TiB, from 1MiB to "
                    + "16TiB. A Linux guest of the built-in image comes up reliably with 128MiB.",
            example = "256MiB",
            byDefault = "256MiB",
            type = ValueType.MEMORY)
        @Nullable Memory memory,
    @Key(
            value =
                "The guest's architecture. Guests of another than the host's are emulated, by a QEMU "
                    + "of their own (`qemu-system-aarch64` for `arm64`), and boot images of their own.",
            example = "arm64",
            without = "the host's; that of `machine`, if it is given")
        @Nullable Architecture arch,
    @Key(
            value =
                "`microvm`, on `arm64` `virt`, or a PC: `q35` boots an operating system from its "
                    + "first disk, as its maker ships it. A `virt` with `boot: firmware` does that, too.",
            example = "q35",
            without = "`microvm` or `virt`; `q35` with `boot: firmware`, on `arm64` `virt`")
        @Nullable MachineType machine,
    @Key(
            value =
                "What is booted: an image and its kernel, or by the machine's `firmware` what is on "
                    + "its first disk.",
            example = "firmware",
            without = "`direct`; `firmware` with `machine: q35`")
        @Nullable BootWay boot,
    @Key(
            value =
                "The firmware of a node that boots from its own disk: what that disk is made for. A "
                    + "`virt` has a UEFI.",
            example = "uefi",
            without = "`bios`, on `arm64` `uefi`")
        Pc.@Nullable Firmware firmware,
    @Key(
            value =
                "The network cards of a node that boots from its own disk, where its system has no "
                    + "driver for `virtio`.",
            example = "e1000",
            byDefault = "virtio")
        Pc.@Nullable Card nic,
    @Key(
            value =
                "What cloud-init in the system of a node that boots from its own disk is told besides its "
                    + "name and addresses.",
            example = "{ssh_keys: [~/.ssh/id_ed25519.pub]}")
        @Nullable CloudInitDocument cloudInit,
    // QEMU: "The max CPUs supported by machine 'microvm' is 288".
    @Key(value = "Virtual CPUs, 288 at most.", example = "2", byDefault = "1") @Min(1) @Max(288)
        @Nullable Integer cpus,
    @Key(
            value =
                "What executes the guest's instructions. `auto` takes KVM only where a guest "
                    + "was proven to run on it, and QEMU's emulation elsewhere.",
            example = "auto",
            byDefault = "auto")
        @Nullable Accelerator accel,
    @Key(
            value =
                "Whether the first interface, eth0, is user-mode networking: 10.42.0.0/24 with "
                    + "DHCP, which `ports` and `services` go through. Needs no privilege. Nothing "
                    + "else gets out, unless the map says `{outside: true}`.",
            example = "true",
            byDefault = "true")
        @Nullable HostNetworkDocument hostNetwork,
    @Key(
            value =
                "Ports of the guest that are found at ports of the host, the guest's first. "
                    + "`22: auto` takes a free port, without a race; `443: same`; `53/udp: auto`, "
                    + "with `host_network: {outside: true}` only. Bound to 127.0.0.1 unless an "
                    + "address is given (`80: 0.0.0.0:8080`, `80: \"[::1]:8080\"`).",
            example = "{22: auto, 80: 8080}",
            keys = ValueType.GUEST_PORT,
            type = ValueType.HOST_PORT)
        @Nullable Map<MapKey<GuestPort>, HostPort> ports,
    @Key(
            value =
                "Services of the host that the guest can reach: an address and TCP port inside "
                    + "10.42.0.0/24, then where that is on the host, an address or name with a port "
                    + "or a Unix socket (`unix:app.sock`).",
            example = "{10.42.0.100:5000: 127.0.0.1:5000}",
            keys = ValueType.SERVICE_ADDRESS,
            type = ValueType.SERVICE_TARGET)
        @Nullable Map<MapKey<ServiceAddress>, ServiceTarget> services,
    @Key(
            value =
                "Names of extra bidirectional serial ports, `/dev/virtio-ports/NAME` in the "
                    + "guest: byte channels for a test on the host. 12 at most.",
            example = "[results]",
            distinct = true,
            most = Node.MAX_CHANNELS,
            type = ValueType.CHANNEL_NAME)
        @Nullable List<@Nullable String> channels,
    @Key(
            value =
                "Files of the host laid over the initramfs before boot, modes kept: the "
                    + "guest's path first, the host's second.",
            example = "{/etc/motd: motd.txt}",
            keys = ValueType.GUEST_PATH,
            type = ValueType.HOST_PATH)
        @Nullable Map<String, HostPath> files,
    @Key(
            value =
                "Directories of the host that the guest has live: the guest's path first, then the "
                    + "host's, which the guest can only read, or a map.",
            example = "{/src: ., /out: {host: ./out, write: true}}",
            keys = ValueType.GUEST_PATH,
            type = ValueType.HOST_PATH)
        @Nullable Map<String, @Valid SharedDirectoryDocument> shares,
    @Key(
            value =
                "Disks: for each a file of the host, or a map. The built-in image loads their "
                    + "driver. 12 at most.",
            example = "[data.qcow2, {size: 1GiB, mount: /tmp/work}]",
            most = Node.MAX_DISKS,
            type = ValueType.HOST_PATH)
        @Nullable List<@Nullable DiskDocument> disks,
    @Key(
            value =
                "What the guest runs once its interfaces are up: a text for the shell, or a "
                    + "list of a program and its arguments. Its exit status becomes the node's "
                    + "outcome, and the node then stops. Without it, the guest offers a shell on its "
                    + "console.",
            example = "ping -c 3 right",
            without = "a shell")
        @Nullable CommandDocument command,
    @Key(
            value =
                "Commands that are run once, in order, before the node counts as ready: each a text "
                    + "for the shell, or a list of a program and its arguments. One that fails fails "
                    + "the node.",
            example = "[ip link add br0 type bridge, [ip, link, set, br0, up]]")
        @Nullable List<@Nullable CommandDocument> exec,
    @Key(
            value =
                "Environment variables of `command`, of shells and of `exec`, beside what the image "
                    + "sets.",
            example = "{LANG: C.UTF-8}",
            keys = ValueType.VARIABLE_NAME)
        @Nullable Map<String, String> env,
    @Key(
            value =
                "When dependants may start, and `up` reports the node ready. One of `console`, "
                    + "`port`, `channel`, `exec` and `http`.",
            example = "{port: 22}",
            without = "what the image says")
        @Valid
        @Nullable ReadyDocument ready,
    @Key(
            value = "Static routes: the destination, a network or `default`, then its gateway.",
            example = "{default: 10.64.0.1}",
            keys = ValueType.DESTINATION,
            type = ValueType.IP_ADDRESS)
        @Nullable Map<MapKey<Destination>, IpAddress> routes,
    @Key(
            value = "Whether the guest forwards packets between its interfaces.",
            example = "true",
            byDefault = "false")
        @Nullable Boolean forward,
    @Key(
            value =
                "Kernel modules to load, in this order, before `sysctls` are set and interfaces come "
                    + "up: those that nothing else asks for.",
            example = "[br_netfilter]",
            distinct = true,
            type = ValueType.MODULE_NAME)
        @Nullable List<@Nullable String> modules,
    @Key(
            value =
                "Parameters of the guest's kernel, by the names of sysctl(8), set before its "
                    + "interfaces come up.",
            example = "{net.ipv4.tcp_syncookies: 0}",
            keys = ValueType.SYSCTL_NAME,
            type = ValueType.SYSCTL_VALUE)
        @Nullable Map<MapKey<String>, String> sysctls,
    @Key(
            value = "Nodes that must be ready before this one starts. A cycle is an error.",
            example = "[server]",
            distinct = true)
        @Nullable List<@Nullable String> dependsOn,
    @Key(
            value =
                "Whether a clean exit (status 0) is a success or, for a service that must stay "
                    + "up, a failure.",
            example = "done",
            byDefault = "done")
        @Nullable OnExit onExit,
    @Key(value = "The group whose keys go under those of this node.", example = "routers")
        @Nullable String group,
    @Key(
            value = "Added verbatim at the end of QEMU's argument list. The escape hatch.",
            example = "[-device, i6300esb]")
        @Nullable List<@Nullable String> qemuArgs,
    @Key(
            value =
                "Makes that many nodes of this one: `count: 8` at `worker` gives `worker-1` to "
                    + "`worker-8`, which lists of nodes call `worker-*`. Only a node can say it, not "
                    + "a group or the defaults.",
            example = "8",
            without = "one node, without a number")
        @Min(1)
        @Max(10_000)
        @Nullable Integer count) {

  private static final DocumentType<NodeDocument> TYPE = DocumentType.of(NodeDocument.class);
  private static final int PORTS = TYPE.indexOf("ports");
  private static final int COUNT = TYPE.indexOf("count");

  /** A node that says nothing. */
  public static final NodeDocument EMPTY = TYPE.empty();

  /**
   * These keys laid over others: scalars and lists replace, maps merge by key. A node that switches
   * the host network off takes no ports from below; {@code count} is taken from the node itself
   * only.
   */
  public NodeDocument over(NodeDocument below) {
    if (below.equals(EMPTY)) {
      return this;
    }
    List<@Nullable Object> merged = TYPE.values(this);
    List<@Nullable Object> under = TYPE.values(below);
    for (int index = 0; index < merged.size(); index++) {
      boolean isOwn = index == COUNT || (index == PORTS && isOffline());
      if (!isOwn) {
        merged.set(index, merged(merged.get(index), under.get(index)));
      }
    }
    return TYPE.create(merged);
  }

  private boolean isOffline() {
    return hostNetwork != null && !hostNetwork.isWanted();
  }

  private static @Nullable Object merged(@Nullable Object above, @Nullable Object below) {
    if (above instanceof Map<?, ?> own && below instanceof Map<?, ?> others) {
      // What is below comes first, as if the layer above had been written after it.
      Map<Object, Object> both = new LinkedHashMap<>(others);
      both.putAll(own);
      return both;
    }
    if (above instanceof ReadyDocument own && below instanceof ReadyDocument other) {
      return own.over(other);
    }
    return above != null ? above : below;
  }

  // Bean Validation takes the hash of the whole document for each violation it finds in it.
  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  /** The key {@code command}: a text for the shell, or a program with its arguments. */
  public record CommandDocument(List<String> parts, boolean isShell) {

    /** Whether there is nothing to run. */
    public boolean isBlank() {
      return parts.stream().allMatch(String::isBlank);
    }

    public Command toModel() {
      return isShell ? Command.ofShell(parts.get(0)) : Command.ofArguments(parts);
    }
  }

  /**
   * A key of a map whose keys are values, such as {@code 53/udp} in {@code ports}. Two that are
   * written differently are two keys, even if their values are the same.
   *
   * @param text as written
   * @param value what it was parsed into
   */
  public record MapKey<T>(String text, T value) {

    // Written out: those of records are generated when first used, which takes milliseconds.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof MapKey<?> that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }
}
