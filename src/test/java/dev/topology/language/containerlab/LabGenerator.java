package dev.topology.language.containerlab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.yaml.snakeyaml.Yaml;

/** Makes labs up, in which much is odd: each value is good more often than not. */
final class LabGenerator {

  private final Random random;

  LabGenerator(Random random) {
    this.random = random;
  }

  /** A containerlab file. */
  String lab() {
    Map<String, Object> nodes = new LinkedHashMap<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      nodes.put(name(), node(nodes.keySet()));
    }
    List<String> names = List.copyOf(nodes.keySet());
    List<Object> links = new ArrayList<>();
    int most = random.nextInt(10) == 0 ? 60 : 8;
    for (int i = random.nextInt(most); i > 0; i--) {
      links.add(link(names));
    }
    Map<String, Object> topology = new LinkedHashMap<>();
    maybe(topology, "defaults", () -> node(nodes.keySet()));
    topology.put("nodes", nodes);
    topology.put("links", links);
    Map<String, Object> lab = new LinkedHashMap<>();
    maybe(lab, "name", this::text);
    lab.put("topology", topology);
    return new Yaml().dump(lab);
  }

  private Map<String, Object> node(Iterable<String> others) {
    List<String> known = new ArrayList<>(List.of("nobody"));
    others.forEach(known::add);
    Map<String, Object> node = new LinkedHashMap<>();
    maybe(node, "kind", () -> any("linux", "linux", "srl", "bridge", "host", text()));
    maybe(node, "image", () -> any("alpine", "a.b/c:1", "$A/b", text()));
    maybe(node, "cpu", () -> any(1, 2.5, 0, 1000, -1, text()));
    maybe(node, "memory", () -> any("256MB", "1Gb", "1kb", "99999999TB", "0", text()));
    maybe(node, "env", () -> Map.of(any("A", "B_2", "no-name", text()), text(), "C", text()));
    maybe(
        node,
        "binds",
        () -> List.of(any("a", "a/", "../b", "~/c", text()) + ":" + guestPath() + any("", ":ro")));
    maybe(node, "binds", () -> List.of("a:/etc/x/", "b:/etc//x", "c:/etc/x/y:ro"));
    maybe(
        node,
        "ports",
        () ->
            List.of(
                any(
                    "80",
                    "8080:80",
                    "9000-9003:9000-9003",
                    "0.0.0.0:8080:81/udp",
                    "99999:1",
                    "0:0",
                    text())));
    maybe(node, "exec", () -> List.of(command(), command()));
    maybe(
        node,
        "healthcheck",
        () ->
            Map.of(
                "test",
                any(List.of("CMD", text()), List.of("CMD-SHELL", text()), List.of("NONE"), text()),
                "retries",
                any(1, 100_000, text())));
    maybe(
        node,
        "stages",
        () ->
            Map.of(
                "configure",
                Map.of(
                    "exec",
                    List.of(
                        Map.of("command", command(), "target", any("host", "container")),
                        command()))));
    maybe(node, "cmd", () -> any("sleep infinity", "httpd -f", text()));
    maybe(node, "network-mode", () -> any("none", "host", "container:x"));
    maybe(node, "wait-for", () -> List.of(known.get(random.nextInt(known.size()))));
    maybe(
        node,
        "sysctls",
        () ->
            Map.of(
                "net.ipv4.ip_forward",
                any("0", "1", "x"),
                any("kernel.x", text()),
                any("1", text())));
    return node;
  }

  private String command() {
    return any(
        "ip addr add " + address() + " dev eth" + random.nextInt(4),
        "ip route add " + address() + " via 10.0.0." + random.nextInt(256),
        "ip route add default via 10.0." + random.nextInt(3) + ".1",
        "ip link set eth1 up",
        "echo " + text(),
        text());
  }

  private String address() {
    return any("10.0.0.", "10.0.1.", "127.0.0.", "224.0.0.", "0.0.0.")
        + random.nextInt(257)
        + any("/24", "/31", "/32", "/0", "/33", "");
  }

  private Object link(List<String> names) {
    String left = any(names.get(random.nextInt(names.size())), "host", text());
    String right = names.get(random.nextInt(names.size()));
    if (random.nextInt(4) == 0) {
      Map<String, Object> end = new LinkedHashMap<>(Map.of("node", left, "interface", port()));
      maybe(end, "mac", () -> any("02:00:00:00:00:01", "01:00:00:00:00:01", "zz", text()));
      maybe(end, "ipv4", this::address);
      return Map.of("type", "veth", "endpoints", List.of(end, Map.of("node", right)));
    }
    Map<String, Object> link = new LinkedHashMap<>();
    link.put("endpoints", List.of(left + ":" + port(), right + ":" + port()));
    maybe(link, "ipv4", () -> List.of(address(), address()));
    maybe(link, "mtu", () -> any(9000, "9000", 1, text()));
    return link;
  }

  private String port() {
    return any(
        "eth" + random.nextInt(5), "e1-1", "Gi0/0/0/1", "lo", "a-name-that-is-too-long", text());
  }

  private String guestPath() {
    return any("/a", "/etc/b/", "//c", "/d/./e", "/", "relative", "/../f", "/proc/g", text());
  }

  private String name() {
    String good = any("a", "r1", "r2", "leaf-1", "spine1");
    return any(good, good, good.toUpperCase(Locale.ROOT), good + "_x", "localhost", text());
  }

  /** Of any characters that YAML can carry. */
  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(
          any(
              "a", "B", "7", "-", "_", " ", "\n", "\t", "'", "\"", "\\", "$", "${X}", "{", ":", "#",
              "%", "ü", "漢", "\u0007", "\u0085", "\u2028", "\u200b", "🐧", "\r"));
    }
    return text.toString();
  }

  private void maybe(Map<String, Object> map, String key, Supplier<Object> value) {
    if (random.nextInt(3) == 0) {
      map.put(key, value.get());
    }
  }

  @SafeVarargs
  private <T> T any(T... values) {
    return values[random.nextInt(values.length)];
  }
}
