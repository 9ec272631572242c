package dev.topology.language.load;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.NodeDocument.MapKey;
import dev.topology.language.document.ReadyDocument;
import dev.topology.language.load.Addressing.AddressedCable;
import dev.topology.language.load.CableCheck.ShapingCheck;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.NodeNames.NodeReference;
import dev.topology.language.load.Patchbay.OutsidePlug;
import dev.topology.language.load.Patchbay.Plug;
import dev.topology.language.load.Patchbay.PluggedCable;
import dev.topology.language.load.Patchbay.PluggedEnd;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.value.Ports.ServiceTarget;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.Cable;
import dev.topology.model.Cable.Shaper;
import dev.topology.model.CableEnd;
import dev.topology.model.CableEnd.SwitchEnd;
import dev.topology.model.Endpoint;
import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Node;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.PortForward;
import dev.topology.model.Readiness;
import dev.topology.model.Readiness.Condition;
import dev.topology.model.Readiness.Condition.CommandSuccess;
import dev.topology.model.Route;
import dev.topology.model.Shaping;
import dev.topology.model.SharedDirectory;
import dev.topology.model.Switch;
import dev.topology.model.Topology;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the model of a draft without errors. */
final class Assembly {

  private final HostPath.Base paths;
  private final Dependencies dependencies;
  private final Architecture ofHost;

  Assembly(HostPath.Base paths, Dependencies dependencies, Architecture ofHost) {
    this.dependencies = dependencies;
    this.paths = paths;
    this.ofHost = ofHost;
  }

  Topology build(
      Draft draft, Addressing addressing, List<AddressedCable> cables, TestAssembly tests) {
    return new Topology(
        draft.name(),
        draft.nodes().values().stream().map(this::node).toList(),
        draft.switches().values().stream()
            .map(it -> new Switch(it.name(), addressing.subnetsOf(it.name())))
            .toList(),
        cables.stream().map(it -> cable(draft.name(), it)).toList(),
        draft.placement(),
        tests.build(draft.tests()));
  }

  private Node node(NodeDraft draft) {
    NodeDocument keys = draft.keys();
    return new Node(
        draft.name(),
        draft.isPc() ? PcCheck.NO_SOURCE : boot(keys),
        draft.architecture().orElse(ofHost),
        draft.isPc() ? Optional.of(PcCheck.pc(draft, paths)) : Optional.empty(),
        draft.memory(),
        Objects.requireNonNullElse(keys.cpus(), 1),
        Objects.requireNonNullElse(keys.accel(), Accelerator.AUTO),
        draft.hostNetwork(),
        each(
            keys.ports(),
            (guest, host) ->
                new PortForward(
                    guest.value().protocol(),
                    guest.value().number(),
                    host.address(),
                    host.numberFor(guest.value().number()))),
        each(
            keys.services(),
            (guest, host) ->
                new GuestService(guest.value().address(), guest.value().port(), target(host))),
        each(keys.channels()),
        each(keys.files(), (guest, host) -> new FileOverlay(guest, paths.resolve(host))),
        shares(draft),
        DiskCheck.disks(keys.disks(), paths),
        Optional.ofNullable(keys.command()).map(CommandDocument::toModel),
        each(keys.exec()).stream().map(CommandDocument::toModel).toList(),
        Objects.requireNonNullElse(keys.env(), Map.of()),
        Optional.ofNullable(keys.ready()).map(Assembly::readiness).orElse(Readiness.DEFAULT),
        each(keys.routes(), (to, gateway) -> new Route(to.value().toString(), gateway)),
        Objects.requireNonNullElse(keys.forward(), false),
        each(keys.modules()),
        sysctls(keys),
        dependencies.of(draft).stream().map(NodeReference::name).toList(),
        Objects.requireNonNullElse(keys.onExit(), Node.OnExit.DONE),
        draft.group(),
        each(keys.qemuArgs()));
  }

  /** A directory comes before those in it, which would be hidden otherwise. */
  private List<SharedDirectory> shares(NodeDraft draft) {
    return draft.shares().entrySet().stream()
        .map(
            it ->
                new SharedDirectory(
                    it.getKey(),
                    paths.resolve(Objects.requireNonNull(it.getValue().host())),
                    Objects.requireNonNullElse(it.getValue().write(), false)))
        .sorted(Comparator.comparingLong(it -> depth(it.guestPath())))
        .toList();
  }

  private static long depth(String path) {
    return path.chars().filter(it -> it == '/').count();
  }

  /** Of two names of one parameter the second decides. */
  private static Map<String, String> sysctls(NodeDocument keys) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    Objects.requireNonNullElse(keys.sysctls(), Map.<MapKey<String>, String>of())
        .forEach((name, value) -> sysctls.put(name.value(), value));
    return sysctls;
  }

  private BootSource boot(NodeDocument keys) {
    Optional<Path> kernel = Optional.ofNullable(keys.kernel()).map(paths::resolve);
    Optional<ImageReference> image = Optional.ofNullable(keys.image());
    return new BootSource(
        image
            .or(
                () ->
                    kernel.isPresent() ? Optional.empty() : Optional.of(ImageReference.ofDefault()))
            .filter(it -> !it.isNone())
            .map(this::image),
        image.flatMap(ImageReference::container).map(it -> it.resolved(paths)),
        kernel,
        Optional.ofNullable(keys.initramfs()).map(paths::resolve),
        Objects.requireNonNullElse(keys.cmdline(), ""));
  }

  /** What is in a container image runs on the built-in one. */
  private String image(ImageReference image) {
    if (image.container().isPresent()) {
      return ImageReference.ofDefault().text();
    }
    return image.isDirectory()
        ? paths.resolve(new HostPath(image.text())).toString()
        : image.text();
  }

  private Target target(ServiceTarget target) {
    if (target instanceof ServiceTarget.UnixSocket socket) {
      return new Target.UnixSocket(paths.resolve(socket.path()));
    }
    ServiceTarget.Tcp tcp = (ServiceTarget.Tcp) target;
    return new Target.Tcp(tcp.host(), tcp.port());
  }

  private static Readiness readiness(ReadyDocument keys) {
    Stream<Optional<Condition>> conditions =
        Stream.of(
            Optional.ofNullable(keys.console()).map(Condition.ConsoleText::new),
            Optional.ofNullable(keys.port()).map(Condition.OpenPort::new),
            Optional.ofNullable(keys.channel()).map(Condition.ChannelByte::new),
            Optional.ofNullable(keys.exec()).map(it -> new CommandSuccess(it.toModel())),
            Optional.ofNullable(keys.http()));
    return new Readiness(
        conditions.flatMap(Optional::stream).findFirst(), Optional.ofNullable(keys.within()));
  }

  private Cable cable(String topology, AddressedCable it) {
    return new Cable(
        it.cable().name(),
        endpoint(topology, it.cable(), it.cable().left(), it.left()),
        endpoint(topology, it.cable(), it.cable().right(), it.right()),
        it.cable().draft().capture().map(paths::resolve),
        shaper(it.cable().draft(), topology, it.cable().name()));
  }

  private static CableEnd endpoint(
      String topology, PluggedCable cable, PluggedEnd end, List<InterfaceAddress> addresses) {
    if (end instanceof OutsidePlug outside) {
      return outside.outside();
    }
    if (!(end instanceof Plug plug)) {
      return new SwitchEnd(end.toString());
    }
    String node = plug.node().name();
    MacAddress mac =
        Optional.ofNullable(plug.end().keys().mac())
            .orElseGet(() -> MacAddress.derive(topology, node, plug.interfaceName()));
    return new Endpoint(
        node,
        plug.interfaceName(),
        mac,
        addresses,
        plug.end().saysDhcp(),
        cable.draft().mtuOf(plug.end()));
  }

  /** The shaper of a cable, if its keys ask for one, or if it carries frames out and in. */
  private static Optional<Shaper> shaper(CableDraft draft, String topology, String cable) {
    CableDocument keys = draft.keys();
    if (!ShapingCheck.isShaped(keys) && !draft.leadsOut()) {
      return Optional.empty();
    }
    Shaping shaping = Shaping.NONE;
    for (var told : ShapingCheck.settings(keys).entrySet()) {
      shaping = told.getKey().set(shaping, told.getValue());
    }
    Integer seed = keys.seed();
    return Optional.of(
        seed == null ? Shaper.of(shaping, topology, cable) : new Shaper(shaping, seed));
  }

  private static <T> List<T> each(@Nullable List<@Nullable T> written) {
    return written == null ? List.of() : written.stream().map(Objects::requireNonNull).toList();
  }

  private static <K, V, T> List<T> each(@Nullable Map<K, V> written, BiFunction<K, V, T> form) {
    return written == null
        ? List.of()
        : written.entrySet().stream().map(it -> form.apply(it.getKey(), it.getValue())).toList();
  }
}
