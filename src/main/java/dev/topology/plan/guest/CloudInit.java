package dev.topology.plan.guest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.model.Endpoint;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Node;
import dev.topology.model.Route;
import dev.topology.plan.guest.Greetings.PeerDirectory;
import dev.topology.text.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Who a guest is, in the words of cloud-init: the files of its NoCloud datasource, which looks for
 * them on a disk of the label {@link #LABEL}. They are JSON, which is YAML as well.
 * https://cloudinit.readthedocs.io, "NoCloud" and "Networking config Version 2".
 */
public final class CloudInit {

  /** The label of the disk that the files are on. */
  public static final String LABEL = "CIDATA";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String CONFIG = "#cloud-config\n";

  private final Node node;
  private final PeerDirectory directory;

  CloudInit(Node node, PeerDirectory directory) {
    this.node = node;
    this.directory = directory;
  }

  /**
   * The files, by name. The same for the same node.
   *
   * @param sshKeys public keys that let the system's user in
   * @param userData what the user wants besides; empty for nothing
   */
  public Map<String, byte[]> files(List<String> sshKeys, String userData) {
    ObjectNode meta = JSON.objectNode();
    meta.put("local-hostname", node.name());
    ArrayNode keys = meta.putArray("public-keys");
    sshKeys.forEach(keys::add);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("network-config", JsonTree.write(network()) + "\n");
    texts.put("vendor-data", CONFIG + JsonTree.write(vendor()) + "\n");
    texts.put("user-data", userData.isEmpty() ? CONFIG + "{}\n" : userData);
    // cloud-init does its work once for each of these: a system that was told otherwise is another.
    meta.put("instance-id", node.name() + "-" + sum(JsonTree.write(meta) + texts));
    texts.put("meta-data", JsonTree.write(meta) + "\n");
    Map<String, byte[]> files = new LinkedHashMap<>();
    texts.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
    return files;
  }

  private static String sum(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(sum.getValue());
  }

  /** Interfaces get the names of the topology by their MAC addresses. */
  private ObjectNode network() {
    ObjectNode network = JSON.objectNode().put("version", 2);
    ObjectNode interfaces = network.putObject("ethernets");
    if (node.hostNetwork().isPresent()) {
      card(interfaces, Greeting.HOST_INTERFACE, Greeting.HOST_MAC).put("dhcp4", true);
    }
    for (Endpoint end : directory.endpointsOf(node.name())) {
      ObjectNode card = card(interfaces, end.interfaceName(), end.mac());
      if (end.dhcp()) {
        card.put("dhcp4", true);
      }
      if (!end.addresses().isEmpty()) {
        ArrayNode addresses = card.putArray("addresses");
        end.addresses().stream().map(InterfaceAddress::toString).forEach(addresses::add);
      }
      node.routes().stream().filter(it -> leadsBy(it, end)).forEach(it -> addRoute(card, it));
    }
    return network;
  }

  private static ObjectNode card(ObjectNode interfaces, String name, MacAddress mac) {
    ObjectNode card = interfaces.putObject(name);
    card.putObject("match").put("macaddress", mac.text());
    return card.put("set-name", name);
  }

  private static boolean leadsBy(Route route, Endpoint end) {
    return end.addresses().stream().anyMatch(it -> it.covers(route.gateway()));
  }

  private static void addRoute(ObjectNode card, Route route) {
    String everywhere = route.gateway().isV6() ? "::/0" : "0.0.0.0/0";
    card.withArray("routes")
        .addObject()
        .put("to", route.destination().equals("default") ? everywhere : route.destination())
        .put("via", route.gateway().toString());
  }

  /** What goes below the user's own: the names of the other nodes, and kernel parameters. */
  private ObjectNode vendor() {
    ObjectNode vendor = JSON.objectNode();
    StringBuilder hosts = new StringBuilder();
    directory
        .peersOf(node.name())
        .forEach(it -> hosts.append(it.address()).append(' ').append(it.name()).append('\n'));
    if (!hosts.isEmpty()) {
      vendor
          .putArray("write_files")
          .addObject()
          .put("path", "/etc/hosts")
          .put("append", true)
          .put("content", hosts.toString());
    }
    Map<String, String> parameters = new LinkedHashMap<>(node.sysctls());
    if (node.forwarding()) {
      parameters.put("net/ipv4/ip_forward", "1");
      parameters.put("net/ipv6/conf/all/forwarding", "1");
    }
    if (!parameters.isEmpty()) {
      ArrayNode commands = vendor.putArray("bootcmd");
      parameters.forEach(
          (path, value) -> commands.addArray().add("sysctl").add("-w").add(path + "=" + value));
    }
    return vendor;
  }
}
