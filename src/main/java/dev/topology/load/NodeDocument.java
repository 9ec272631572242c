package dev.topology.load;

import dev.topology.model.Accelerator;
import dev.topology.model.Node.OnExit;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The keys of a node, a group or the defaults, as written; absent keys are null. */
record NodeDocument(
    @Example("default") @Form(Syntax.IMAGE) @Nullable String image,
    @Example("vmlinuz") @Form(Syntax.HOST_PATH) @Nullable String kernel,
    @Example("initrd.img") @Form(Syntax.HOST_PATH) @Nullable String initramfs,
    @Example("loglevel=7") @Form(Syntax.KERNEL_ARGUMENTS) @Nullable String cmdline,
    @Example("256MiB") @Form(Syntax.MEMORY) @Nullable String memory,
    // QEMU: "The max CPUs supported by machine 'microvm' is 288".
    @Example("2") @Min(1) @Max(288) @Nullable Integer cpus,
    @Example("auto") @Nullable Accelerator accel,
    @Example("true") @Nullable Boolean hostNetwork,
    @Example("{22: auto, 80: 8080}")
        @Nullable Map<@Form(Syntax.GUEST_PORT) String, @Form(Syntax.HOST_PORT) String> ports,
    @Example("{10.42.0.100:5000: 127.0.0.1:5000}")
        @Nullable Map<@Form(Syntax.SERVICE_ADDRESS) String, @Form(Syntax.SERVICE_TARGET) String>
            services,
    @Example("[results]") @Nullable List<@Form(Syntax.CHANNEL_NAME) @Nullable String> channels,
    @Example("{/etc/motd: motd.txt}")
        @Nullable Map<@Form(Syntax.GUEST_PATH) String, @Form(Syntax.HOST_PATH) String> files,
    @Example("ping -c 3 right") @Nullable CommandDocument command,
    @Example("{port: 22}") @Valid @Nullable ReadyDocument ready,
    @Example("{default: 10.64.0.1}")
        @Nullable Map<@Form(Syntax.DESTINATION) String, @Form(Syntax.IP_ADDRESS) String> routes,
    @Example("true") @Nullable Boolean forward,
    @Example("[server]") @Nullable List<@Nullable String> dependsOn,
    @Example("done") @Nullable OnExit onExit,
    @Example("routers") @Nullable String group,
    @Example("[-device, i6300esb]") @Nullable List<@Nullable String> qemuArgs) {

  static final NodeDocument EMPTY =
      new NodeDocument(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null);

  /**
   * These keys laid over others: scalars and lists replace, maps merge by key. Who switches the
   * host network off wants none of what others offer through it.
   */
  NodeDocument over(NodeDocument below) {
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
        merged(services, isOffline() ? null : below.services),
        first(channels, below.channels),
        merged(files, below.files),
        first(command, below.command),
        ready == null || below.ready == null ? first(ready, below.ready) : ready.over(below.ready),
        merged(routes, below.routes),
        first(forward, below.forward),
        first(dependsOn, below.dependsOn),
        first(onExit, below.onExit),
        first(group, below.group),
        first(qemuArgs, below.qemuArgs));
  }

  private boolean isOffline() {
    return Objects.equals(hostNetwork, false);
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
