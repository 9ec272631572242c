package dev.topology.language.load;

import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.NodeDocument.MapKey;
import dev.topology.language.load.Addressing.AddressedCable;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.value.Addresses.Destination;
import dev.topology.language.yaml.Report;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the nodes that routers join have routes to each other.
 *
 * <p>Routers ({@code forward: true}) that are cabled to each other are an area; the nodes around it
 * that are none are its stations. Each node of the area without a route to any station beyond its
 * own cables gets a warning. There is none for a node that has a route to some of them or may set
 * routes itself, and none in an area where a router may set routes: it may run a routing daemon.
 *
 * <p>Takes time in proportion to the topology: of many stations, only the first hundred are
 * compared with each node's routes.
 */
final class RouteCheck {

  private static final int MOST_STATIONS = 100;

  /** Commands of the built-in image that set routes. */
  private static final Pattern SETS_ROUTES = Pattern.compile("\\b(ip|route|udhcpc|ifup)\\b");

  private final Draft draft;
  private final Report report;
  private final Map<String, List<Link>> links = new HashMap<>();

  /** The names of nodes that ask for addresses, and may get routes with them. */
  private final Set<String> asking = new HashSet<>();

  /** Two ends with addresses that a cable or switches join, seen from one of them. */
  private record Link(List<InterfaceAddress> own, String far, List<InterfaceAddress> farOwn) {}

  RouteCheck(Draft draft, List<AddressedCable> cables, Report report) {
    this.draft = draft;
    this.report = report;
    Map<Object, List<Placed>> segments = new LinkedHashMap<>();
    for (AddressedCable it : cables) {
      Object segment = it.segment().<Object>map(name -> name).orElse(segments.size());
      List<Placed> ends = segments.computeIfAbsent(segment, key -> new ArrayList<>());
      it.forEachPlug((plug, addresses) -> ends.add(new Placed(plug.node(), addresses)));
      it.cable().plugs().stream()
          .filter(plug -> plug.end().saysDhcp())
          .forEach(plug -> asking.add(plug.node().name()));
    }
    segments.values().forEach(this::link);
  }

  /** A node's end of a cable, with its addresses. */
  private record Placed(NodeDraft node, List<InterfaceAddress> addresses) {}

  /** Links each to each, but at a large switch only to routers: who is on a link is seen anyway. */
  private void link(List<Placed> segment) {
    for (int one = 0; one < segment.size(); one++) {
      for (int other = 0; other < segment.size(); other++) {
        Placed own = segment.get(one);
        Placed far = segment.get(other);
        boolean matters = segment.size() <= 2 || forwards(own.node()) || forwards(far.node());
        boolean isAddressed = !own.addresses().isEmpty() && !far.addresses().isEmpty();
        if (one != other && matters && isAddressed) {
          linksOf(own.node().name())
              .add(new Link(own.addresses(), far.node().name(), far.addresses()));
        }
      }
    }
  }

  void check() {
    Set<String> seen = new HashSet<>();
    for (NodeDraft node : draft.nodes().values()) {
      if (forwards(node) && !seen.contains(node.name())) {
        Area area = areaAround(node.name());
        seen.addAll(area.routers());
        check(area);
      }
    }
  }

  /** Routers that are cabled to each other, and the nodes around them that are none. */
  private record Area(Set<String> routers, Set<String> stations) {}

  private Area areaAround(String router) {
    Area area = new Area(new LinkedHashSet<>(Set.of(router)), new LinkedHashSet<>());
    Deque<String> next = new ArrayDeque<>(area.routers());
    while (!next.isEmpty()) {
      for (Link link : linksOf(next.remove())) {
        boolean isRouter = forwards(node(link.far()));
        if ((isRouter ? area.routers() : area.stations()).add(link.far()) && isRouter) {
          next.add(link.far());
        }
      }
    }
    return area;
  }

  private void check(Area area) {
    if (area.stations().size() < 2 || area.routers().stream().anyMatch(this::maySetRoutes)) {
      return;
    }
    Map<String, Map<String, Integer>> distances = new HashMap<>();
    for (Collection<String> names : List.of(area.routers(), area.stations())) {
      for (String name : names) {
        unreached(name, area)
            .ifPresent(
                station -> warn(name, station, distances.computeIfAbsent(station, this::hops)));
      }
    }
  }

  /** The first station beyond a node's own cables, if it has a route to none of those. */
  private Optional<String> unreached(String name, Area area) {
    Set<String> near = linksOf(name).stream().map(Link::far).collect(Collectors.toSet());
    Supplier<Stream<String>> beyond =
        () ->
            area.stations().stream()
                .filter(it -> !it.equals(name) && !near.contains(it) && !isOnLink(name, it));
    List<Predicate<IpAddress>> routes = routesOf(node(name));
    boolean isRouted =
        maySetRoutes(name)
            || (!routes.isEmpty()
                && beyond.get().limit(MOST_STATIONS).anyMatch(it -> hasRoute(routes, it)));
    return isRouted ? Optional.empty() : beyond.get().findFirst();
  }

  /**
   * Whether a station has an address in one of the node's networks. A router reaches it by a cable
   * only.
   */
  private boolean isOnLink(String name, String station) {
    return !forwards(node(name))
        && linksOf(name).stream()
            .flatMap(link -> link.own().stream())
            .anyMatch(own -> addressesOf(station).stream().anyMatch(own::covers));
  }

  private boolean hasRoute(List<Predicate<IpAddress>> routes, String station) {
    return addressesOf(station).stream()
        .anyMatch(to -> routes.stream().anyMatch(route -> route.test(to)));
  }

  /** Where a node's routes lead: everywhere in one version of IP, or into a network. */
  private static List<Predicate<IpAddress>> routesOf(NodeDraft node) {
    return Objects.requireNonNullElse(
            node.keys().routes(), Map.<MapKey<Destination>, IpAddress>of())
        .entrySet()
        .stream()
        .map(it -> route(it.getKey().value(), it.getValue()))
        .toList();
  }

  private static Predicate<IpAddress> route(Destination destination, IpAddress gateway) {
    return destination
        .network()
        .<Predicate<IpAddress>>map(network -> network::covers)
        .orElse(to -> to.isV6() == gateway.isV6());
  }

  private boolean maySetRoutes(String name) {
    NodeDraft node = node(name);
    NodeDocument keys = node.keys();
    // A container's program may be a routing daemon where the file says that it is a router.
    boolean isBuiltIn =
        !node.isPc()
            && keys.kernel() == null
            && keys.initramfs() == null
            && (keys.image() == null
                || keys.image().isDefault()
                || (node.isContainer() && !forwards(node)));
    CommandDocument command = keys.command();
    boolean isScript = command != null && keys.files() != null && !keys.files().isEmpty();
    return !isBuiltIn
        || isScript
        || asking.contains(name)
        || keys.cmdline() != null
        || (command != null && command.parts().stream().anyMatch(SETS_ROUTES.asPredicate()));
  }

  /** How many routers there are between each node around and a station. */
  private Map<String, Integer> hops(String station) {
    Map<String, Integer> hops = new LinkedHashMap<>(Map.of(station, 0));
    Deque<String> next = new ArrayDeque<>(hops.keySet());
    while (!next.isEmpty()) {
      String name = next.remove();
      for (Link link : linksOf(name)) {
        if (forwards(node(link.far())) && !hops.containsKey(link.far())) {
          hops.put(link.far(), hops.getOrDefault(name, 0) + 1);
          next.add(link.far());
        }
      }
    }
    return hops;
  }

  private void warn(String name, String station, Map<String, Integer> hops) {
    NodeDraft node = node(name);
    linksOf(name).stream()
        .filter(link -> hops.containsKey(link.far()) && forwards(node(link.far())))
        .min((one, other) -> hops.getOrDefault(one.far(), 0) - hops.getOrDefault(other.far(), 0))
        .ifPresent(
            link ->
                report.add(
                    Diagnostic.of(
                            DiagnosticId.NO_ROUTE,
                            node.location(),
                            "node "
                                + Quote.of(name)
                                + " has no route to node "
                                + Quote.of(station)
                                + ", which is beyond node "
                                + Quote.of(link.far()))
                        .hint(remedy(node, station, link))));
  }

  /** A route through the next router. For a station, the default route is enough. */
  private Optional<String> remedy(NodeDraft node, String station, Link link) {
    boolean mayTakeAll =
        !forwards(node) && node.hostNetwork().stream().noneMatch(it -> it.outside());
    for (InterfaceAddress gateway : link.farOwn()) {
      boolean isNear = link.own().stream().anyMatch(own -> own.covers(gateway.address()));
      Optional<InterfaceAddress> network =
          networksOf(station).stream()
              .filter(it -> isNear && it.address().isV6() == gateway.address().isV6())
              .findFirst();
      if (network.isPresent()) {
        String to = mayTakeAll ? "default" : quoted(network.get());
        String via =
            gateway.address().isV6()
                ? "\"" + gateway.address() + "\""
                : gateway.address().toString();
        return Optional.of("such as routes: {" + to + ": " + via + "}");
      }
    }
    return Optional.empty();
  }

  private static String quoted(InterfaceAddress network) {
    return network.address().isV6() ? "\"" + network + "\"" : network.toString();
  }

  private List<InterfaceAddress> networksOf(String name) {
    return linksOf(name).stream()
        .flatMap(link -> link.own().stream())
        .map(InterfaceAddress::network)
        .toList();
  }

  private List<IpAddress> addressesOf(String name) {
    return linksOf(name).stream()
        .flatMap(link -> link.own().stream())
        .map(InterfaceAddress::address)
        .toList();
  }

  private NodeDraft node(String name) {
    return Objects.requireNonNull(draft.nodes().get(name));
  }

  private static boolean forwards(NodeDraft node) {
    return Objects.equals(node.keys().forward(), true);
  }

  private List<Link> linksOf(String name) {
    return links.computeIfAbsent(name, it -> new ArrayList<>());
  }
}
