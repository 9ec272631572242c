package dev.topology.language.containerlab;

import dev.topology.language.containerlab.Import.Findings;
import dev.topology.language.containerlab.LinkTranslation.Link.End;
import dev.topology.language.containerlab.Value.Entry;
import dev.topology.language.value.Parsed;
import dev.topology.language.value.ValueType;
import dev.topology.model.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Translates a link into a cable: in the brief form ({@code endpoints: ["a:eth1", "b:eth1"]}) or
 * the extended one ({@code type: veth} with a map for each end).
 */
final class LinkTranslation {

  private static final Set<String> KNOWN = Set.of("type", "endpoints", "ipv4", "ipv6", "mtu");
  private static final Set<String> OUTSIDE = Set.of("host", "mgmt-net", "macvlan", "vxlan");

  /** An end while commands may still set addresses: at a guest, or at a switch. */
  private record Plug(
      String node,
      Optional<GuestBuilder> guest,
      Optional<String> interfaceName,
      Optional<String> mac,
      List<InterfaceAddress> written) {

    End end(boolean isBare) {
      boolean isSwitch = guest.isEmpty();
      return isBare
          ? new End(node, isSwitch, interfaceName, Optional.empty(), List.of())
          : new End(
              node,
              isSwitch,
              interfaceName,
              mac,
              guest.flatMap(it -> interfaceName.map(it::addressesOf)).orElse(written));
    }
  }

  private final Map<String, GuestBuilder> guests;
  private final Map<String, String> switches;
  private final Findings findings;
  private final List<Plugged> plugged = new ArrayList<>();

  /** A cable; bare if the settings of its ends turned out not to fit. */
  private static final class Plugged {

    private final Value link;
    private final List<Plug> ends;
    private final Optional<String> mtu;
    private boolean isBare;

    Plugged(Value link, List<Plug> ends) {
      this.link = link;
      this.ends = ends;
      this.mtu = link.get("mtu").map(Value::text);
    }

    Link link() {
      return new Link(
          ends.stream().map(end -> end.end(isBare)).toList(), isBare ? Optional.empty() : mtu);
    }
  }

  /**
   * Begins.
   *
   * @param guests by their names in the file
   * @param switches the names in the new file, by those in the file
   */
  LinkTranslation(
      Map<String, GuestBuilder> guests, Map<String, String> switches, Findings findings) {
    this.guests = guests;
    this.switches = switches;
    this.findings = findings;
  }

  /** The cables, once all commands have been looked at. */
  List<Link> links() {
    return plugged.stream().map(Plugged::link).toList();
  }

  /** Where the cable of that index stands in the file. */
  Value place(int index) {
    return plugged.get(index).link;
  }

  /**
   * Takes back the settings of the ends of the cable of that index, or the cable itself if there
   * are none. Returns what was taken back.
   */
  String leaveOut(int index) {
    Plugged cable = plugged.get(index);
    if (cable.link().isBrief()) {
      plugged.remove(index);
      return "the link";
    }
    cable.isBare = true;
    return "the setting of its ends";
  }

  void translate(Value link) {
    String type = link.get("type").map(Value::text).orElse("veth");
    if (!type.equals("veth")) {
      leaveOut(link, "a link of type " + type + " leads out of the lab");
      return;
    }
    link.entries().stream().filter(it -> !KNOWN.contains(it.name())).forEach(this::report);
    List<Value> endpoints = link.get("endpoints").map(Value::items).orElse(List.of());
    if (endpoints.size() != 2) {
      leaveOut(link, "a cable has two ends, not " + endpoints.size());
      return;
    }
    Optional<Plug> left = plug(endpoints.get(0), addresses(link, 0));
    Optional<Plug> right = plug(endpoints.get(1), addresses(link, 1));
    if (left.isPresent() && right.isPresent()) {
      plugged.add(new Plugged(link, List.of(left.get(), right.get())));
    }
  }

  private void report(Entry entry) {
    Counterparts.report(entry, findings);
  }

  private void leaveOut(Value link, String why) {
    findings.add(
        link,
        "links",
        why + "; it is left out",
        "reach this host with \"services\", be reached with \"ports\", or make a tap and lead a cable to"
            + " {host: tap0}");
  }

  /** In the brief form, addresses are beside the endpoints, in the same order. */
  private static List<Value> addresses(Value link, int end) {
    List<Value> addresses = new ArrayList<>();
    for (String key : List.of("ipv4", "ipv6")) {
      List<Value> both = link.get(key).map(Value::items).orElse(List.of());
      if (end < both.size()) {
        addresses.add(both.get(end));
      }
    }
    return addresses;
  }

  private Optional<Plug> plug(Value value, List<Value> beside) {
    String[] brief = value.text().split(":", 2);
    Optional<Value> node = value.get("node");
    String name = value.isMap() ? node.map(Value::text).orElse("") : brief[0];
    String port =
        value.isMap()
            ? value.get("interface").map(Value::text).orElse("")
            : brief.length > 1 ? brief[1] : "";
    GuestBuilder guest = guests.get(name);
    String switchName = switches.get(name);
    if (switchName != null) {
      return Optional.of(
          new Plug(switchName, Optional.empty(), Optional.empty(), Optional.empty(), List.of()));
    }
    if (guest == null) {
      boolean isOutside = OUTSIDE.contains(name);
      leaveOut(
          value,
          isOutside
              ? "\"" + name + "\" is no node, but leads out of the lab"
              : "there is no node \"" + name + "\", or it has no counterpart");
      return Optional.empty();
    }
    List<Value> all = new ArrayList<>(beside);
    value.get("ipv4").ifPresent(all::add);
    value.get("ipv6").ifPresent(all::add);
    return Optional.of(plug(value, guest, port, all));
  }

  private Plug plug(Value value, GuestBuilder guest, String port, List<Value> addresses) {
    Optional<String> name = interfaceName(value, guest, port);
    List<InterfaceAddress> written = new ArrayList<>();
    for (Value address : addresses) {
      Optional<InterfaceAddress> parsed = InterfaceAddress.parse(address.text());
      parsed.ifPresent(written::add);
      if (parsed.isEmpty()) {
        findings.add(
            address, "ipv4", "it is no address with a prefix length", "write \"address: …\"");
      }
    }
    name.ifPresent(it -> written.forEach(address -> guest.address(it, address)));
    return new Plug(
        guest.name(),
        Optional.of(guest),
        name,
        value.get("mac").map(Value::text),
        List.copyOf(written));
  }

  /** The name as it is, if Linux can have it and it is free. */
  private Optional<String> interfaceName(Value value, GuestBuilder guest, String port) {
    boolean isPossible = ValueType.INTERFACE_NAME.parse(port) instanceof Parsed.Value;
    boolean isHosts = port.equals("eth0") && guest.hasHostNetwork();
    if (isPossible && !isHosts && guest.plug(port)) {
      return Optional.of(port);
    }
    findings.add(
        value,
        "endpoints",
        isPossible
            ? "the interface " + port + " is taken; the next free one is used"
            : "\"" + port + "\" cannot be the name of an interface; the next free one is used",
        "choose a name such as eth1");
    return Optional.empty();
  }

  /**
   * A link that becomes a cable.
   *
   * @param mtu a number, if it is not the usual one
   */
  record Link(List<End> ends, Optional<String> mtu) {

    /**
     * One of its two ends.
     *
     * @param node the name of a node or switch
     * @param interfaceName empty where the name cannot stay, and at a switch
     * @param addresses those that the link gives, and those that the node's commands set
     */
    record End(
        String node,
        boolean isSwitch,
        Optional<String> interfaceName,
        Optional<String> mac,
        List<InterfaceAddress> addresses) {

      String brief() {
        return node + interfaceName.map(it -> ":" + it).orElse("");
      }
    }

    boolean isAddressed() {
      return ends.stream().anyMatch(it -> !it.addresses().isEmpty());
    }

    boolean isBrief() {
      return !isAddressed() && mtu.isEmpty() && ends.stream().allMatch(it -> it.mac().isEmpty());
    }
  }
}
