package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.IMAGE_ARCHITECTURE;
import static dev.topology.source.DiagnosticId.NOT_ENOUGH_MEMORY;
import static dev.topology.source.DiagnosticId.NO_KVM;
import static dev.topology.source.DiagnosticId.PORT_IN_USE;
import static dev.topology.source.DiagnosticId.PRIVILEGED_PORT;
import static dev.topology.source.DiagnosticId.UNKNOWN_IMAGE;
import static dev.topology.source.DiagnosticId.UNKNOWN_MODULE;

import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.value.Nearest;
import dev.topology.language.yaml.Report;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.IpAddress;
import dev.topology.model.Memory;
import dev.topology.model.PortForward.Protocol;
import dev.topology.source.Diagnostic;
import dev.topology.source.Quote;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the loader knows of the host besides its files. It warns of what this host cannot do, and
 * says nothing of what is unknown.
 *
 * @param architecture the host's own, and that of nodes that name none
 * @param memory the host's RAM
 * @param firstPort the lowest port this user may listen at; 0 for every port
 * @param images names of the guest images of an architecture that are there, or will be when they
 *     are needed; empty if they are unknown
 * @param modules the names of the modules of the kernel of an image of an architecture; empty if
 *     they are unknown. Called only if a file names a module, as it takes time
 * @param platforms what a container image is for, {@code linux/arm64}; empty if that is unknown, as
 *     it is not here. Called only if a file names one, as it takes time
 * @param lacksKvm whether it is known that no guest can run on KVM
 * @param usedPorts where programs listen now; an address also stands for those that {@link
 *     IpAddress#sharesPortsWith} names. Called only if a file names a host port, as it takes time
 */
public record HostLimits(
    Architecture architecture,
    Optional<Memory> memory,
    int firstPort,
    Function<Architecture, Optional<Set<String>>> images,
    BiFunction<Architecture, String, Optional<Set<String>>> modules,
    Function<ContainerReference, Set<String>> platforms,
    boolean lacksKvm,
    Supplier<Map<Protocol, Set<InetSocketAddress>>> usedPorts) {

  /** This host, of which nothing is known but its architecture. */
  public static final HostLimits UNKNOWN =
      new HostLimits(
          Architecture.ofHost(System.getProperty("os.arch", "")),
          Optional.empty(),
          0,
          it -> Optional.empty(),
          (architecture, image) -> Optional.empty(),
          it -> Set.of(),
          false,
          Map::of);

  /** Whether a program already listens at that port. */
  boolean isUsed(Protocol protocol, IpAddress address, int port) {
    return usedPorts.get().getOrDefault(protocol, Set.of()).stream()
        .filter(it -> it.getPort() == port)
        .anyMatch(it -> new IpAddress(it.getAddress()).sharesPortsWith(address));
  }

  /**
   * Whether this host can run a topology. Another host might, so these are warnings; but a module
   * that is not there is a slip of the pen more often than that of another kernel.
   */
  static final class HostLimitCheck {

    private final HostLimits host;
    private final HostPath.Base paths;
    private final Report report;

    /**
     * @param paths where relative paths in the file start
     */
    HostLimitCheck(HostLimits host, HostPath.Base paths, Report report) {
      this.host = host;
      this.paths = paths;
      this.report = report;
    }

    void check(Draft draft) {
      host.memory().ifPresent(it -> checkMemory(draft.nodes().values(), it));
      draft.nodes().values().forEach(this::checkPorts);
      draft.nodes().values().forEach(this::checkModules);
      draft.nodes().values().forEach(this::checkKvm);
      draft.nodes().values().forEach(this::checkImage);
      draft.nodes().values().forEach(this::checkContainer);
    }

    /** Points at the first node for which there is not enough memory. */
    private void checkMemory(Collection<NodeDraft> nodes, Memory memory) {
      long all = nodes.stream().mapToLong(it -> it.memory().bytes()).sum();
      long sum = 0;
      for (NodeDraft node : nodes) {
        long own = node.memory().bytes();
        sum += own;
        if (sum > memory.bytes()) {
          boolean isAlone = own > memory.bytes();
          String has =
              isAlone
                  ? "node " + Quote.of(node.name()) + " has " + gibibytes(own) + " of memory"
                  : "the nodes have " + gibibytes(all) + " of memory together";
          report.add(
              Diagnostic.of(
                      NOT_ENOUGH_MEMORY,
                      node.locate("memory"),
                      has + ", but this host has " + gibibytes(memory.bytes()))
                  .hint(
                      isAlone
                          ? "give it less"
                          : "from node "
                              + Quote.of(node.name())
                              + " on there is too little: give them less, or have fewer"));
          return;
        }
      }
    }

    private static String gibibytes(long bytes) {
      return String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30);
    }

    private void checkPorts(NodeDraft node) {
      node.ports()
          .forEach(
              (guest, port) ->
                  port.numberFor(guest.value().number())
                      .ifPresent(
                          it -> {
                            checkPrivilege(node, guest.text(), it);
                            Protocol protocol = guest.value().protocol();
                            checkIsFree(node, guest.text(), protocol, port.address(), it);
                          }));
    }

    private void checkIsFree(
        NodeDraft node, String guestPort, Protocol protocol, IpAddress address, int number) {
      if (host.isUsed(protocol, address, number)) {
        report.add(
            Diagnostic.of(
                    PORT_IN_USE,
                    node.locate("ports", guestPort),
                    "a program listens at port "
                        + number
                        + "/"
                        + protocol
                        + " of this host already")
                .hint("end it first, or take another port, or \"auto\""));
      }
    }

    private Architecture architecture(NodeDraft node) {
      return node.architecture().orElse(host.architecture());
    }

    private void checkKvm(NodeDraft node) {
      if (node.keys().accel() != Accelerator.KVM) {
        return;
      }
      Architecture its = architecture(node);
      if (its != host.architecture()) {
        report.add(
            Diagnostic.of(
                    NO_KVM,
                    node.locate("accel"),
                    "KVM of this %s host runs no %s guests, such as node %s"
                        .formatted(host.architecture(), its, Quote.of(node.name())))
                .hint("leave \"accel\" out: they are emulated"));
      } else if (host.lacksKvm()) {
        report.add(
            Diagnostic.of(
                    NO_KVM,
                    node.locate("accel"),
                    "this host has no /dev/kvm that can be opened, which node "
                        + Quote.of(node.name())
                        + " asks for")
                .hint("\"auto\" takes KVM where it works; \"topology doctor\" tells more"));
      }
    }

    private void checkPrivilege(NodeDraft node, String guestPort, int number) {
      if (number < host.firstPort()) {
        report.add(
            Diagnostic.of(
                    PRIVILEGED_PORT,
                    node.locate("ports", guestPort),
                    "without privilege, programs cannot listen at port " + number + " of this host")
                .hint("take one from " + host.firstPort() + " on, or \"auto\""));
      }
    }

    private void checkModules(NodeDraft node) {
      List<@Nullable String> wanted = Objects.requireNonNullElse(node.keys().modules(), List.of());
      Set<String> known =
          wanted.isEmpty()
              ? Set.of()
              : node.wholeImage()
                  .flatMap(it -> host.modules().apply(architecture(node), it))
                  .orElse(Set.of());
      for (int index = 0; index < wanted.size() && !known.isEmpty(); index++) {
        String name = wanted.get(index);
        if (name != null && !known.contains(name) && !known.contains(name.replace('-', '_'))) {
          report.add(
              Diagnostic.of(
                      UNKNOWN_MODULE,
                      node.locate("modules", index),
                      "the kernel of image "
                          + Quote.of(node.wholeImage().orElse(""))
                          + " has no module "
                          + Quote.of(name))
                  .hint(
                      Nearest.to(name, known)
                          .map(near -> "did you mean \"" + near + "\"?")
                          .orElse("\"find /lib/modules\" in a node shows those it has")));
        }
      }
    }

    private void checkImage(NodeDraft node) {
      Optional<String> named =
          Optional.ofNullable(node.keys().image())
              .filter(it -> !it.isNone() && !it.isDirectory() && it.container().isEmpty())
              .map(ImageReference::text);
      if (named.isPresent()) {
        host.images()
            .apply(architecture(node))
            .filter(it -> !it.contains(named.get()))
            .ifPresent(it -> report.add(unknownImage(node, named.get(), it)));
      }
    }

    private void checkContainer(NodeDraft node) {
      Set<String> platforms =
          Optional.ofNullable(node.keys().image())
              .flatMap(ImageReference::container)
              .map(it -> host.platforms().apply(it.resolved(paths)))
              .orElse(Set.of());
      String wanted = architecture(node).platform();
      if (!platforms.isEmpty() && !platforms.contains(wanted)) {
        report.add(
            Diagnostic.of(
                    IMAGE_ARCHITECTURE,
                    node.locate("image"),
                    "this image is for %s, and node %s is %s"
                        .formatted(
                            Quote.printable(String.join(", ", new TreeSet<>(platforms))),
                            Quote.of(node.name()),
                            wanted))
                .hint(
                    Stream.of(Architecture.values())
                        .filter(it -> platforms.contains(it.platform()))
                        .findFirst()
                        .map(it -> "write \"arch: " + it + "\" for the node")));
      }
    }

    private Diagnostic unknownImage(NodeDraft node, String name, Set<String> images) {
      Architecture its = architecture(node);
      String of = its == host.architecture() ? "" : " of " + its;
      String option = its == host.architecture() ? "" : "--arch " + its + " ";
      return Diagnostic.of(
              UNKNOWN_IMAGE,
              node.locate("image"),
              "this host has no guest image " + Quote.of(name) + of)
          .hint(
              Nearest.to(name, images)
                  .map(near -> "did you mean \"" + near + "\"?")
                  .orElse(
                      "make it with \"topology image build "
                          + option
                          + name
                          + "\"; a registry's is \"docker.io/"
                          + name
                          + "\""));
    }
  }
}
