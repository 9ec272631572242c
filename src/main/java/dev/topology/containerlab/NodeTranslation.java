package dev.topology.containerlab;

import dev.topology.containerlab.Value.Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a guest of a node: all keys but the addresses and routes, which need the cables. */
final class NodeTranslation {

  /** Kinds that are no machine, but a part of the host. */
  private static final Set<String> NO_MACHINE =
      Set.of("host", "ext-container", "k8s-kind", "mysocketio");

  private static final Set<String> BRIDGES = Set.of("bridge", "ovs-bridge");

  /** Below that, Linux with the built-in image does not start. */
  private static final long LEAST_MIB = 128;

  private static final Pattern MEMORY =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmg]?)(i?b)?", Pattern.CASE_INSENSITIVE);

  /** docker-run(1), --publish, but for ranges: [[address:]host port:]container port[/protocol]. */
  private static final Pattern PORT =
      Pattern.compile("(?:(?:(\\d+\\.\\d+\\.\\d+\\.\\d+):)?(\\d+):)?(\\d+)(?:/(tcp|udp))?");

  /** What is run only to keep a container alive. */
  private static final Pattern IDLE =
      Pattern.compile(
          "(/bin/)?(ba|a)?sh( -i)?|sleep (infinity|inf)|tail -f /dev/null",
          Pattern.CASE_INSENSITIVE);

  private final Findings findings;
  private final Predicate<Path> isThere;

  NodeTranslation(Findings findings, Predicate<Path> isThere) {
    this.findings = findings;
    this.isThere = isThere;
  }

  /** The guest; empty if there can be none. */
  Optional<Guest> translate(Entry entry, Layers layers, String name) {
    String kind = layers.get("kind").map(Value::text).orElse("linux");
    Value place = layers.get("kind").orElse(entry.key());
    if (NO_MACHINE.contains(kind)) {
      findings.add(
          entry.key(),
          entry.name(),
          "kind " + kind + " is no machine of its own; it is left out, with its links",
          "reach this host with \"services\", and be reached with \"ports\"");
      return Optional.empty();
    }
    reportKind(kind, place);
    Guest guest = new Guest(name, kind.equals("linux"));
    size(layers, guest);
    network(layers, guest);
    layers.items("binds").forEach(it -> bind(it, guest));
    sysctls(layers, guest);
    return Optional.of(guest);
  }

  private void reportKind(String kind, Value place) {
    if (BRIDGES.contains(kind)) {
      findings.add(
          place,
          "kind",
          kind + " is a switch of this host; here it is a Linux node that does not switch yet",
          "let its command make a bridge, or cable its neighbours to each other");
    } else if (!kind.equals("linux")) {
      findings.add(
          place,
          "kind",
          kind + " is a network operating system in a container; the node runs Linux",
          "give it an image or a kernel of its own with \"image\" or \"kernel\"");
    }
  }

  private void size(Layers layers, Guest guest) {
    layers.get("memory").ifPresent(it -> memory(it, guest));
    layers
        .get("cpu")
        .filter(it -> it.text().matches("[0-9]{1,3}(\\.[0-9]+)?"))
        .ifPresent(it -> guest.cpus = (int) Math.max(1, Math.ceil(Double.parseDouble(it.text()))));
  }

  private void memory(Value value, Guest guest) {
    Matcher matcher = MEMORY.matcher(value.text());
    if (!matcher.matches()) {
      findings.add(value, "memory", "it is no amount of memory", "write \"memory: 256MiB\"");
      return;
    }
    double scale =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "g" -> 1024;
          case "m" -> 1;
          case "k" -> 1.0 / 1024;
          default -> 1.0 / (1 << 20);
        };
    long mib = (long) Math.ceil(Double.parseDouble(matcher.group(1)) * scale);
    if (mib < LEAST_MIB) {
      findings.add(
          value,
          "memory",
          "a machine needs more than a container; it has " + LEAST_MIB + "MiB",
          "see how little is enough");
    }
    guest.memory = Math.max(mib, LEAST_MIB) + "MiB";
  }

  private void network(Layers layers, Guest guest) {
    Optional<Value> mode = layers.get("network-mode");
    if (mode.isPresent() && mode.get().text().equals("none")) {
      guest.hostNetwork = false;
    } else {
      mode.ifPresent(
          it ->
              findings.add(
                  it,
                  "network-mode",
                  "a machine shares no network with " + it.text(),
                  "use \"ports\" and \"services\", or a cable"));
    }
    layers.items("ports").forEach(it -> port(it, guest));
    layers.items("wait-for").forEach(it -> guest.dependsOn.add(it.text()));
    for (Entry stage : layers.entries("stages").values()) {
      stage.value().get("wait-for").ifPresent(it -> waitFor(it, guest));
      stage.value().entries().stream()
          .filter(it -> !it.name().equals("wait-for"))
          .forEach(
              it ->
                  findings.add(
                      it.key(),
                      it.name(),
                      "a node has no stages",
                      "put it into \"command\", or into the script that calls topology"));
    }
  }

  private void waitFor(Value list, Guest guest) {
    for (Value one : list.items()) {
      one.get("node").ifPresent(it -> guest.dependsOn.add(it.text()));
      one.get("stage")
          .filter(it -> !it.text().equals("healthy"))
          .ifPresent(
              it ->
                  findings.add(
                      it,
                      "stage",
                      "a node has no stages; this one starts when the other is ready",
                      "say with \"ready\" when that is"));
    }
  }

  private void port(Value value, Guest guest) {
    Matcher matcher = PORT.matcher(value.text());
    if (!matcher.matches() || !guest.hostNetwork) {
      findings.add(
          value,
          "ports",
          guest.hostNetwork
              ? "\"" + value.text() + "\" is no single TCP or UDP port"
              : "the node has no host network",
          "write an entry of \"ports\" for each");
      return;
    }
    String host = matcher.group(2) == null ? "auto" : matcher.group(2);
    String address = matcher.group(1) == null ? "0.0.0.0" : matcher.group(1);
    boolean isUdp = "udp".equals(matcher.group(4));
    guest.ports.put(matcher.group(3) + (isUdp ? "/udp" : ""), address + ":" + host);
  }

  private void bind(Value value, Guest guest) {
    String[] parts = value.text().split(":", -1);
    String problem =
        parts.length < 2
            ? "a volume without a file of this host is just a directory of the guest"
            : value.text().contains("__clab")
                ? "there is no directory that containerlab makes for a lab"
                : !parts[1].startsWith("/")
                    ? "\"" + parts[1] + "\" is not an absolute path"
                    : isThere.test(Path.of(parts[0]))
                        ? ""
                        : "there is no file or directory " + parts[0];
    if (!problem.isEmpty()) {
      findings.add(value, "binds", problem, "name a file in \"files\"");
      return;
    }
    guest.files.put(parts[1], parts[0]);
    if (parts.length < 3 || !parts[2].contains("ro")) {
      findings.add(
          value,
          "binds",
          "the guest gets a copy when it starts; what it writes stays in it",
          "bring results out over a channel or a port");
    }
  }

  private void sysctls(Layers layers, Guest guest) {
    for (Entry entry : layers.entries("sysctls").values()) {
      String value = entry.value().text();
      if (entry.name().matches("net\\.ipv4\\.(ip_forward|conf\\.all\\.forwarding)")) {
        guest.forward = value.equals("1");
      } else {
        findings.add(
            entry.key(),
            entry.name(),
            "kernel settings have no key",
            "put \"sysctl -w " + entry.name() + "=" + value + "\" into \"command\"");
      }
    }
  }

  /** Takes over what is run; the guest's interfaces are known by now. */
  void commands(Layers layers, Guest guest) {
    List<Value> exec = layers.items("exec");
    List<Value> rest =
        exec.stream().filter(it -> !ExecLine.isAddress(it.text().strip(), guest)).toList();
    rest = rest.stream().filter(it -> !ExecLine.isSetting(it.text().strip(), guest)).toList();
    Map<String, Entry> environment = layers.entries("env");
    Optional<Value> main = layers.get("cmd").filter(it -> !isIdle(it));
    if (!guest.isLinux) {
      rest.forEach(it -> unrunnable(it, "exec"));
      environment.values().forEach(it -> unrunnable(it.key(), "env"));
      main.ifPresent(it -> unrunnable(it, "cmd"));
    } else if (!rest.isEmpty() || !environment.isEmpty() || main.isPresent()) {
      environment.values().forEach(it -> guest.script.add(export(it)));
      rest.forEach(it -> it.text().strip().lines().forEach(guest.script::add));
      guest.script.add("exec " + main.map(it -> it.text().strip()).orElse("sh -i"));
      main.ifPresent(
          it ->
              findings.add(
                  it,
                  "cmd",
                  "it is the end of the node's command; when it ends, so does the node",
                  "see that the image has that program"));
    }
  }

  private boolean isIdle(Value command) {
    boolean isIdle = IDLE.matcher(command.text().strip()).matches();
    if (isIdle) {
      findings.add(
          command, "cmd", "nothing is needed to keep a node running", "it has a shell by itself");
    }
    return isIdle;
  }

  private void unrunnable(Value value, String key) {
    findings.add(
        value,
        key,
        "it is for the network operating system, which the node does not run",
        "put what Linux has for it into \"command\"");
  }

  private static String export(Entry entry) {
    return "export " + entry.name() + "='" + entry.value().text().replace("'", "'\\''") + "'";
  }
}
