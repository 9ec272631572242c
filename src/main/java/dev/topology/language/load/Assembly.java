package dev.topology.language.load;

import dev.topology.language.document.CommandDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.ReadyDocument;
import dev.topology.model.Accelerator;
import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.model.FileOverlay;
import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.PortForward;
import dev.topology.model.Readiness;
import dev.topology.model.Readiness.Condition;
import dev.topology.model.Route;
import dev.topology.model.Topology;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Builds the model of a draft without errors. */
final class Assembly {

  static final Memory DEFAULT_MEMORY = Memory.ofMebibytes(256);

  private final HostPaths paths;
  private final BootForms boot;
  private final Dependencies dependencies;

  Assembly(HostPaths paths, Dependencies dependencies) {
    this.dependencies = dependencies;
    this.paths = paths;
    this.boot = new BootForms(paths);
  }

  Topology build(Draft draft, List<AddressedCable> cables) {
    return new Topology(
        draft.name(),
        draft.nodes().values().stream().map(this::node).toList(),
        cables.stream().map(it -> cable(draft.name(), it)).toList());
  }

  private Node node(NodeDraft draft) {
    NodeDocument keys = draft.keys();
    return new Node(
        draft.name(),
        boot.toModel(keys),
        memory(keys.memory()),
        Objects.requireNonNullElse(keys.cpus(), 1),
        Objects.requireNonNullElse(keys.accel(), Accelerator.AUTO),
        draft.hostNetwork(),
        each(keys.ports(), Assembly::portForward),
        each(keys.services(), this::service),
        each(keys.channels()),
        each(keys.files(), (guest, host) -> new FileOverlay(guest, paths.resolve(host))),
        Optional.ofNullable(keys.command()).map(CommandDocument::toModel),
        Optional.ofNullable(keys.ready()).map(Assembly::readiness).orElse(Readiness.DEFAULT),
        each(keys.routes(), Assembly::route),
        Objects.requireNonNullElse(keys.forward(), false),
        dependencies.of(draft).stream().map(NodeReference::name).toList(),
        Objects.requireNonNullElse(keys.onExit(), Node.OnExit.DONE),
        draft.group(),
        each(keys.qemuArgs()));
  }

  /** What a node has that says this, or nothing. */
  static Memory memory(@Nullable String text) {
    return text == null ? DEFAULT_MEMORY : Quantities.memory(text).orElseThrow();
  }

  private static PortForward portForward(String guest, String host) {
    GuestPort guestPort = Ports.guestPort(guest).orElseThrow();
    HostPort hostPort = Ports.hostPort(host).orElseThrow();
    return new PortForward(
        guestPort.protocol(),
        guestPort.number(),
        hostPort.address(),
        hostPort.numberFor(guestPort.number()));
  }

  private GuestService service(String guest, String host) {
    ServiceAddress inside = Ports.serviceAddress(guest).orElseThrow();
    IpAddress address = IpAddress.parse(inside.host()).orElseThrow();
    return new GuestService(address, inside.port(), serviceTarget(host));
  }

  private Target serviceTarget(String text) {
    Optional<String> socket = Ports.socketPath(text);
    if (socket.isPresent()) {
      return new Target.UnixSocket(paths.resolve(socket.get()));
    }
    ServiceAddress outside = Ports.serviceAtPort(text);
    return new Target.Tcp(outside.host(), outside.port());
  }

  private static Route route(String destination, String gateway) {
    return new Route(
        Addresses.destination(destination).orElseThrow(), Addresses.ip(gateway).orElseThrow());
  }

  private static Readiness readiness(ReadyDocument keys) {
    Optional<Condition> console =
        Optional.ofNullable(keys.console())
            .map(it -> new Condition.ConsoleText(Texts.regex(it).orElseThrow()));
    Optional<Condition> port = Optional.ofNullable(keys.port()).map(Condition.OpenPort::new);
    Optional<Condition> channel =
        Optional.ofNullable(keys.channel()).map(Condition.ChannelByte::new);
    return new Readiness(
        console.or(() -> port).or(() -> channel),
        Optional.ofNullable(keys.within()).map(it -> Quantities.duration(it).orElseThrow()));
  }

  private Cable cable(String topology, AddressedCable it) {
    return new Cable(
        it.cable().name(),
        endpoint(topology, it.cable().left(), it.left()),
        endpoint(topology, it.cable().right(), it.right()),
        it.cable().draft().capture().map(paths::resolve),
        ShapingForms.toModel(it.cable().draft().keys(), topology, it.cable().name()));
  }

  private static Endpoint endpoint(String topology, Plug plug, List<InterfaceAddress> addresses) {
    String node = plug.node().name();
    MacAddress mac =
        Optional.ofNullable(plug.end().keys().mac())
            .map(MacAddress::new)
            .orElseGet(() -> MacAddress.derive(topology, node, plug.interfaceName()));
    return new Endpoint(node, plug.interfaceName(), mac, addresses);
  }

  private static List<String> each(@Nullable List<@Nullable String> written) {
    return written == null ? List.of() : written.stream().map(Objects::requireNonNull).toList();
  }

  private static <T> List<T> each(
      @Nullable Map<String, String> written, BiFunction<String, String, T> form) {
    return written == null
        ? List.of()
        : written.entrySet().stream().map(it -> form.apply(it.getKey(), it.getValue())).toList();
  }
}
