package dev.topology.language.document;

import dev.topology.model.Accelerator;
import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
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
                    + "alone.",
            example = "default",
            without = "`default` unless `kernel` is given")
        @Form(Syntax.IMAGE)
        @Nullable String image,
    @Key(
            value = "A Linux bzImage or ELF file on the host, in place of the image's.",
            example = "vmlinuz",
            without = "the image's")
        @Form(Syntax.HOST_PATH)
        @Nullable String kernel,
    @Key(
            value = "An initramfs file on the host, in place of the image's.",
            example = "initrd.img",
            without = "the image's")
        @Form(Syntax.HOST_PATH)
        @Nullable String initramfs,
    @Key(
            value =
                "Kernel parameters, added after the planner's own (`reboot=t console=hvc0 "
                    + "quiet …`).",
            example = "loglevel=7",
            without = "empty")
        @Form(Syntax.KERNEL_ARGUMENTS)
        @Nullable String cmdline,
    @Key(
            value =
                "The guest's RAM: a whole number with KiB, MiB, GiB or TiB, from 1MiB to "
                    + "16TiB. A Linux guest of the built-in image comes up reliably with 128MiB.",
            example = "256MiB",
            byDefault = "256MiB")
        @Form(Syntax.MEMORY)
        @Nullable String memory,
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
            example = "{22: auto, 80: 8080}")
        @Nullable Map<@Form(Syntax.GUEST_PORT) String, @Form(Syntax.HOST_PORT) String> ports,
    @Key(
            value =
                "Services of the host that the guest can reach: an address and TCP port inside "
                    + "10.42.0.0/24, then where that is on the host, an address or name with a port "
                    + "or a Unix socket (`unix:app.sock`).",
            example = "{10.42.0.100:5000: 127.0.0.1:5000}")
        @Nullable Map<@Form(Syntax.SERVICE_ADDRESS) String, @Form(Syntax.SERVICE_TARGET) String>
            services,
    @Key(
            value =
                "Names of extra bidirectional serial ports, `/dev/virtio-ports/NAME` in the "
                    + "guest: byte channels for a test on the host. 12 at most.",
            example = "[results]",
            distinct = true,
            most = Node.MAX_CHANNELS)
        @Nullable List<@Form(Syntax.CHANNEL_NAME) @Nullable String> channels,
    @Key(
            value =
                "Files of the host laid over the initramfs before boot, modes kept: the "
                    + "guest's path first, the host's second.",
            example = "{/etc/motd: motd.txt}")
        @Nullable Map<@Form(Syntax.GUEST_PATH) String, @Form(Syntax.HOST_PATH) String> files,
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
                "When dependants may start, and `up` reports the node ready. One of `console`, "
                    + "`port` and `channel`.",
            example = "{port: 22}",
            without = "what the image says")
        @Valid
        @Nullable ReadyDocument ready,
    @Key(
            value = "Static routes: the destination, a network or `default`, then its gateway.",
            example = "{default: 10.64.0.1}")
        @Nullable Map<@Form(Syntax.DESTINATION) String, @Form(Syntax.IP_ADDRESS) String> routes,
    @Key(
            value = "Whether the guest forwards packets between its interfaces.",
            example = "true",
            byDefault = "false")
        @Nullable Boolean forward,
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

  public static final NodeDocument EMPTY =
      new NodeDocument(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null);

  /**
   * These keys laid over others: scalars and lists replace, maps merge by key. Who switches the
   * host network off wants none of what others offer through it; how many copies of a node there
   * are, only the node can say.
   */
  public NodeDocument over(NodeDocument below) {
    return new NodeDocument(
        first(image, below.image),
        first(kernel, below.kernel),
        first(initramfs, below.initramfs),
        first(cmdline, below.cmdline),
        first(memory, below.memory),
        first(cpus, below.cpus),
        first(accel, below.accel),
        first(hostNetwork, below.hostNetwork),
        merged(ports, isOffline() ? null : below.ports),
        merged(services, below.services),
        first(channels, below.channels),
        merged(files, below.files),
        first(command, below.command),
        ready == null || below.ready == null ? first(ready, below.ready) : ready.over(below.ready),
        merged(routes, below.routes),
        first(forward, below.forward),
        first(dependsOn, below.dependsOn),
        first(onExit, below.onExit),
        first(group, below.group),
        first(qemuArgs, below.qemuArgs),
        count);
  }

  private boolean isOffline() {
    return hostNetwork != null && !hostNetwork.isWanted();
  }

  private static <T> @Nullable T first(@Nullable T above, @Nullable T below) {
    return above != null ? above : below;
  }

  /**
   * What is below keeps its order and comes first, as if the layer above had been written after.
   */
  private static @Nullable Map<String, String> merged(
      @Nullable Map<String, String> above, @Nullable Map<String, String> below) {
    if (above == null || below == null) {
      return first(above, below);
    }
    Map<String, String> merged = new LinkedHashMap<>(below);
    merged.putAll(above);
    return merged;
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
}
