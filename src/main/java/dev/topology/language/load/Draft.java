package dev.topology.language.load;

import dev.topology.language.bind.Keys;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.MachineType;
import dev.topology.language.document.MachineType.BootWay;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.NodeDocument.MapKey;
import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.load.TestReader.TestDraft;
import dev.topology.language.value.Addresses.EndAddress;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.value.Ports.GuestPort;
import dev.topology.language.value.Ports.HostPort;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.model.Architecture;
import dev.topology.model.CableEnd.Outside;
import dev.topology.model.CableEnd.Outside.Peer;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.PlacementRules;
import dev.topology.source.Location;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A topology whose values are each valid, but may contradict each other.
 *
 * @param name what it is called
 * @param nodes by name, in the order of the file
 * @param switches by name, in the order of the file
 * @param cables in the order of the file, those of a pattern spelt out; then those of the switches
 * @param placement complete only if no mistake has been reported
 * @param tests in the order of the file
 * @param names what the nodes are called
 * @param isWhole whether no mistake hides a node, a switch or a cable
 */
record Draft(
    String name,
    Map<String, NodeDraft> nodes,
    Map<String, SwitchDraft> switches,
    List<CableDraft> cables,
    PlacementRules placement,
    List<TestDraft> tests,
    NodeNames names,
    boolean isWhole) {

  Draft {
    cables = List.copyOf(cables);
    tests = List.copyOf(tests);
  }

  /**
   * A switch, each value good in itself.
   *
   * @param name a DNS label, or already reported
   * @param location of the name
   * @param keys what it says
   * @param tree where it says so, in the long form
   */
  record SwitchDraft(String name, Location location, SwitchDocument keys, Tree tree) {

    /** Its subnets, without what could not be read. */
    List<InterfaceAddress> subnets() {
      return keys.subnet() == null
          ? List.of()
          : keys.subnet().stream().flatMap(Stream::ofNullable).toList();
    }

    /** Its ends, null for what could not be read. */
    List<@Nullable EndDocument> ends() {
      return Objects.requireNonNullElse(keys.ends(), List.of());
    }

    Location locate(Object... steps) {
      return new TreePath(List.of(steps), false).locate(tree);
    }
  }

  /**
   * A node with the keys of its group and of the defaults.
   *
   * @param name as written, or numbered as a copy; a DNS label, or already reported
   * @param location of the name as written
   * @param group the group it belongs to, if that exists
   * @param layers its own keys first, then its group's, then the defaults
   * @param keys all layers merged
   */
  record NodeDraft(
      String name,
      Location location,
      Optional<String> group,
      List<Layer> layers,
      NodeDocument keys) {

    private static final Memory DEFAULT_MEMORY = Memory.ofMebibytes(256);
    private static final Memory DEFAULT_MEMORY_OF_PC = Memory.ofMebibytes(1024);

    NodeDraft {
      layers = List.copyOf(layers);
    }

    static NodeDraft of(
        String name, Location location, Optional<String> group, List<Layer> layers) {
      NodeDocument keys =
          layers.stream().map(Layer::keys).reduce(NodeDocument::over).orElse(NodeDocument.EMPTY);
      return new NodeDraft(name, location, group, layers, keys);
    }

    /** The same node under another name. */
    NodeDraft named(String other) {
      return new NodeDraft(other, location, group, layers, keys);
    }

    /** A PC runs a whole operating system. */
    Memory memory() {
      return Objects.requireNonNullElse(
          keys.memory(), isPc() ? DEFAULT_MEMORY_OF_PC : DEFAULT_MEMORY);
    }

    Map<MapKey<GuestPort>, HostPort> ports() {
      return Objects.requireNonNullElse(keys.ports(), Map.of());
    }

    Map<String, SharedDirectoryDocument> shares() {
      return Objects.requireNonNullElse(keys.shares(), Map.of());
    }

    /** Whether it cannot do without the disk of the kernel's modules. */
    boolean needsModules() {
      return keys.modules() != null || !shares().isEmpty() || !disks().isEmpty();
    }

    /** Its disks, null for what could not be read. */
    List<@Nullable DiskDocument> disks() {
      return Objects.requireNonNullElse(keys.disks(), List.of());
    }

    /** That which it says or its machine has; empty for the host's. */
    Optional<Architecture> architecture() {
      return Optional.ofNullable(keys.arch()).or(() -> machine().map(MachineType::architecture));
    }

    /** That which it says or its way to boot has; empty for that of its architecture. */
    Optional<MachineType> machine() {
      return Optional.ofNullable(keys.machine())
          .or(
              () ->
                  isPc()
                      ? Optional.of(
                          keys.arch() == Architecture.ARM64 ? MachineType.VIRT : MachineType.Q35)
                      : Optional.empty());
    }

    /** Whether its machine boots from its own disk. */
    boolean isPc() {
      return keys.machine() == MachineType.Q35 || keys.boot() == BootWay.FIRMWARE;
    }

    /** Whether its root is a container image. */
    boolean isContainer() {
      return keys.image() != null && keys.image().container().isPresent();
    }

    /** The name of the guest image whose kernel and initramfs it boots, if that has a name. */
    Optional<String> wholeImage() {
      ImageReference image = Objects.requireNonNullElse(keys.image(), ImageReference.ofDefault());
      if (keys.kernel() != null || keys.initramfs() != null || image.isNone()) {
        return Optional.empty();
      }
      return isContainer()
          ? Optional.of(ImageReference.ofDefault().text())
          : Optional.of(image.text()).filter(it -> !image.isDirectory());
    }

    boolean hasHostNetwork() {
      return hostNetwork().isPresent();
    }

    Optional<HostNetwork> hostNetwork() {
      return HostNetworkDocument.toModel(keys.hostNetwork());
    }

    /** Whether it has a host network for sure: no mistake hides that it is switched off. */
    boolean surelyHasHostNetwork() {
      return hasHostNetwork() && (keys.hostNetwork() != null || !isHidden("host_network"));
    }

    /** Whether its host network is closed for sure: no mistake hides that it is open. */
    boolean surelyHasNoOutside() {
      return surelyHasHostNetwork()
          && hostNetwork().stream().noneMatch(HostNetwork::outside)
          && layers.stream()
              .flatMap(it -> it.tree().get("host_network").stream())
              .limit(1)
              .noneMatch(it -> it instanceof Mapping map && !map.entries().isEmpty() && isUnsaid());
    }

    private boolean isUnsaid() {
      return keys.hostNetwork() == null || keys.hostNetwork().settings().outside() == null;
    }

    /** Whether a key that has no value here is in the file: misspelt, or with a wrong value. */
    boolean isHidden(String key) {
      return layers.stream()
          .map(Layer::tree)
          .anyMatch(it -> it.get(key).isPresent() || Keys.isMeant(key, NodeDocument.class, it));
    }

    /** Where the value of a key is, in the uppermost layer that has it. */
    Location locate(Object... steps) {
      return locate(TreePath.to(steps));
    }

    /** Where a key itself is, in the uppermost layer that has it. */
    Location locateKey(Object... steps) {
      return locate(TreePath.toKey(steps));
    }

    /** Where the directory of the host is that it shares, which is written alone or in a map. */
    Location locateShared(String guestPath) {
      TreePath inMap = TreePath.to("shares", guestPath, "host");
      boolean isMap = layers.stream().anyMatch(it -> inMap.find(it.tree()).isPresent());
      return isMap ? locate(inMap) : locate("shares", guestPath);
    }

    /** The memory as it is written, in the uppermost layer that has a valid one. */
    String writtenMemory() {
      return layers.stream()
          .filter(it -> it.keys().memory() != null)
          .findFirst()
          .flatMap(it -> it.tree().get("memory"))
          .map(Tree::text)
          .orElse("");
    }

    /** Where a value is, or as near to it as the uppermost layer goes that has its first key. */
    Location locateNear(String key, Object... steps) {
      TreePath path = TreePath.to(key);
      for (Object step : steps) {
        path = path.then(step);
      }
      return layers.stream()
          .map(Layer::tree)
          .filter(it -> it.get(key).isPresent())
          .findFirst()
          .map(path::locate)
          .orElse(location);
    }

    /** What is written at a place, in each layer that has something there. */
    Stream<Tree> trees(Object... steps) {
      return layers.stream().flatMap(it -> TreePath.to(steps).find(it.tree()).stream());
    }

    private Location locate(TreePath path) {
      return layers.stream()
          .map(Layer::tree)
          .filter(it -> path.find(it).isPresent())
          .findFirst()
          .map(path::locate)
          .orElse(location);
    }

    /**
     * Keys of a node as they were written in one place: at the node, in its group, in the defaults.
     *
     * @param tree what was written
     * @param keys its keys
     */
    record Layer(Tree tree, NodeDocument keys) {}
  }

  /**
   * A cable with two ends.
   *
   * @param keys its keys, or those of its pattern
   * @param tree what was written, in the long form
   * @param left the end named first
   * @param right the end named second
   * @param number its number in its pattern, from 1; empty if it is in none
   */
  record CableDraft(
      CableDocument keys, Tree tree, EndDraft left, EndDraft right, OptionalInt number) {

    List<EndDraft> ends() {
      return List.of(left, right);
    }

    /**
     * The name it was given: in a pattern, that of the pattern with its number, {@code spine-3}.
     */
    Optional<String> name() {
      return Optional.ofNullable(keys.name()).map(it -> it + suffix());
    }

    /** The file it is recorded into: in a pattern, with its number, {@code spine-3.pcap}. */
    Optional<HostPath> capture() {
      return Optional.ofNullable(keys.capture()).map(it -> it.suffixed(suffix()));
    }

    /** The longest packet that one of its ends takes: its own, or that of the cable. */
    OptionalInt mtuOf(EndDraft end) {
      Integer mtu = end.keys().mtu() != null ? end.keys().mtu() : keys.mtu();
      return mtu == null ? OptionalInt.empty() : OptionalInt.of(mtu);
    }

    /** Whether one of its ends is outside the topology. */
    boolean leadsOut() {
      return ends().stream().anyMatch(it -> it.outside().isPresent());
    }

    /** Whether the whole cable is to have no addresses. */
    boolean isUnaddressed() {
      return keys.address() != null;
    }

    Location locate(Object... steps) {
      return TreePath.to(steps).locate(tree);
    }

    private String suffix() {
      return number.isPresent() ? "-" + number.getAsInt() : "";
    }

    /**
     * One end of a cable.
     *
     * @param keys its keys
     * @param tree what was written
     */
    record EndDraft(EndDocument keys, Tree tree) {

      /** The node it names; empty if it leads out, or has none, which has been reported. */
      Optional<String> node() {
        return Optional.ofNullable(keys.node());
      }

      /** What it leads to outside the topology, if it does. */
      Optional<Outside> outside() {
        Peer peer = keys.udp();
        if (peer != null) {
          return Optional.of(
              new Outside.Udp(peer, Objects.requireNonNullElse(keys.listen(), peer.port())));
        }
        return Optional.ofNullable(keys.host()).map(Outside.Tap::new);
      }

      Location locateOutside() {
        return locate(keys.udp() != null ? "udp" : "host");
      }

      Optional<String> interfaceName() {
        return Optional.ofNullable(keys.interfaceName());
      }

      /** Its addresses, without what could not be read; empty for {@code none}, {@code dhcp}. */
      List<InterfaceAddress> addresses() {
        return words().flatMap(it -> it.given().stream()).toList();
      }

      /** Whether it is to have no address. */
      boolean saysNone() {
        return words().anyMatch(EndAddress::isNone);
      }

      /** Whether its guest is to ask there for an address. */
      boolean saysDhcp() {
        return words().anyMatch(EndAddress::isDhcp);
      }

      /** Whether it says anything about its addresses. */
      boolean isAddressed() {
        return tree.get("address").isPresent();
      }

      private Stream<EndAddress> words() {
        return Stream.ofNullable(keys.address()).flatMap(List::stream).flatMap(Stream::ofNullable);
      }

      Location locate(Object... steps) {
        return TreePath.to(steps).locate(tree);
      }
    }
  }
}
