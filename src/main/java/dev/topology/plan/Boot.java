package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.ContainerReference;
import dev.topology.model.Node;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Node.FileOverlay;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.NodePlan.InitramfsOverlay;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.qemu.Board;
import dev.topology.plan.qemu.Machine.Device;
import dev.topology.plan.qemu.QemuOption;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a node boots: its image, with what the node has in place of parts of it.
 *
 * @param kernel absolute; empty where a PC's boot loader loads one
 * @param initramfs what QEMU loads; absolute
 * @param modules the disk with the modules of the image's kernel, where the node boots that;
 *     absolute
 * @param overlay how to make it first, where the node has {@code files}; of a clone, how to make
 *     what it unpacks of them
 * @param root the disk that is the root of a container, where the node is one; absolute
 * @param cmdline the image's and the user's parts of the kernel command line, in that order
 * @param speaksControl whether its init is known to hold the conversation over the control port
 * @param hasAgent whether its init is known to start our agent
 * @param kernelConsole where its kernel's log goes
 */
record Boot(
    Optional<Path> kernel,
    Optional<Path> initramfs,
    Optional<Path> modules,
    Optional<InitramfsOverlay> overlay,
    Optional<Path> root,
    List<String> cmdline,
    boolean speaksControl,
    boolean hasAgent,
    String kernelConsole) {

  /** See src/guest/container.c. */
  private static final String OF_CONTAINER = "/etc/topology/files";

  /** The name under which the guest finds its root. */
  private static final String ROOT = "topology.root";

  private static final Boot FROM_DISK =
      new Boot(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          /* speaksControl= */ false,
          /* hasAgent= */ false,
          "");

  /**
   * @param isClone whether the node goes on from a guest that has booted
   */
  static Boot of(Node node, HostFacts host, PlanOptions options, boolean isClone)
      throws PlanException {
    if (node.pc().isPresent()) {
      return FROM_DISK;
    }
    BootSource source = node.boot();
    GuestFacts facts = host.of(node.architecture());
    Optional<BootableImage> image = image(node, facts);
    Path kernel =
        source
            .kernel()
            .or(() -> image.map(BootableImage::kernel))
            .orElseThrow(() -> noKernel(node));
    Optional<Path> base = source.initramfs().or(() -> image.flatMap(BootableImage::initramfs));
    Optional<InitramfsOverlay> overlay = overlay(node, base, host, options, isClone);
    return new Boot(
        Optional.of(kernel),
        overlay.filter(it -> !it.isApart()).map(InitramfsOverlay::result).or(() -> base),
        source.kernel().isEmpty() && source.initramfs().isEmpty()
            ? image.flatMap(BootableImage::modules)
            : Optional.empty(),
        overlay,
        root(node, facts),
        Stream.of(image.map(BootableImage::cmdline).orElse(""), source.cmdline())
            .filter(part -> !part.isBlank())
            .toList(),
        source.initramfs().isEmpty() && image.map(BootableImage::speaksControl).orElse(false),
        source.initramfs().isEmpty() && image.map(BootableImage::hasAgent).orElse(false),
        options.kernelLogApart() ? "hvc1" : "hvc0");
  }

  private static Optional<BootableImage> image(Node node, GuestFacts facts) throws PlanException {
    if (node.boot().image().isEmpty()) {
      return Optional.empty();
    }
    String name = node.boot().image().get();
    BootableImage image = facts.images().get(name);
    if (image == null) {
      throw new PlanException(
          ("node \"%s\" boots the %s guest image \"%s\", which this host does not have. `topology"
                  + " image list` shows those it has; `topology image build` makes one; or give the"
                  + " node a `kernel` and an `initramfs`.")
              .formatted(node.name(), node.architecture(), name));
    }
    return Optional.of(image);
  }

  private static Optional<Path> root(Node node, GuestFacts facts) throws PlanException {
    if (node.boot().container().isEmpty()) {
      return Optional.empty();
    }
    ContainerReference container = node.boot().container().get();
    Path disk = facts.containers().get(container);
    if (disk == null) {
      throw new PlanException(
          "node \"%s\" runs the container image %s, which this host does not have."
              .formatted(node.name(), container));
    }
    return Optional.of(disk);
  }

  private static PlanException noKernel(Node node) {
    return new PlanException(
        "node \"%s\" has neither an image nor a kernel to boot. Give it one of them."
            .formatted(node.name()));
  }

  private static Optional<InitramfsOverlay> overlay(
      Node node, Optional<Path> base, HostFacts host, PlanOptions options, boolean isClone) {
    boolean asItIs = base.filter(host.unaligned()::contains).isEmpty();
    if (node.files().isEmpty() && asItIs) {
      return Optional.empty();
    }
    boolean isApart = isClone && !node.files().isEmpty();
    Path result = isApart ? options.files(node.name()) : options.initramfs(node.name());
    return Optional.of(new InitramfsOverlay(base, files(node), result, isApart));
  }

  /** Those of a container wait where the agent takes them from, to copy them into its root. */
  private static List<FileOverlay> files(Node node) {
    return node.boot().container().isEmpty()
        ? node.files()
        : node.files().stream()
            .map(it -> new FileOverlay(OF_CONTAINER + it.guestPath(), it.hostPath()))
            .toList();
  }

  /** The files of the host that it consists of, beside those that are laid over its initramfs. */
  Stream<Path> files() {
    return Stream.of(kernel, overlay.isPresent() ? overlay.get().base() : initramfs, modules, root)
        .flatMap(Optional::stream);
  }

  /** The options that make QEMU boot it. */
  List<QemuOption> options(Node node, Accelerator accelerator, GuestFacts facts, Start start)
      throws PlanException {
    if (kernel.isEmpty()) {
      return List.of();
    }
    List<QemuOption> options = new ArrayList<>();
    options.add(QemuOption.plain("-kernel", kernel.get().toString()));
    if (!(start instanceof Start.Restored)) {
      // It has unpacked it, and the one with its files is made for those that have not.
      initramfs.ifPresent(file -> options.add(QemuOption.plain("-initrd", file.toString())));
    }
    options.add(
        QemuOption.plain("-append", checked(node, kernelCommandLine(node, accelerator, facts))));
    root.ifPresent(disk -> options.addAll(Device.readOnlyDisk(ROOT, disk)));
    return options;
  }

  /** The user's part was seen to fit; it is the image's that may be too long. */
  private static String checked(Node node, String commandLine) throws PlanException {
    int bytes = commandLine.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > BootSource.MAX_CMDLINE_BYTES) {
      throw new PlanException(
          ("the kernel command line of node \"%s\" would have %d bytes with what its image adds, but"
                  + " Linux reads %d. Shorten its `cmdline`, or that of the image.")
              .formatted(node.name(), bytes, BootSource.MAX_CMDLINE_BYTES));
    }
    return commandLine;
  }

  private String kernelCommandLine(Node node, Accelerator accelerator, GuestFacts facts) {
    String ours = Board.of(node).kernelArguments(kernelConsole, accelerator, facts.tscKhz());
    return Stream.concat(Stream.of(ours), cmdline.stream()).collect(Collectors.joining(" "));
  }
}
