package dev.topology.language.containerlab;

import dev.topology.language.containerlab.Import.Findings;
import dev.topology.language.containerlab.Import.Places;
import dev.topology.language.containerlab.Value.Entry;
import dev.topology.language.containerlab.Value.Layers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Translates a node: all keys except those that need its cables or other nodes. */
final class NodeTranslation {

  /** Kinds that are no machine, but a part of the host. */
  private static final Set<String> NO_MACHINE =
      Set.of("host", "ext-container", "k8s-kind", "mysocketio");

  private static final Set<String> SWITCHES = Set.of("bridge", "ovs-bridge");

  /** Below that, Linux with the built-in image does not start. */
  private static final long LEAST_MIB = 128;

  private static final Pattern MEMORY =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmg]?)(i?b)?", Pattern.CASE_INSENSITIVE);

  private final Findings findings;
  private final NetworkTranslation network;
  private final BindTranslation binds;

  NodeTranslation(Findings findings, Places places) {
    this.findings = findings;
    this.network = new NetworkTranslation(findings);
    this.binds = new BindTranslation(places, findings);
  }

  /** The guest; empty if there can be none. */
  Optional<GuestBuilder> translate(Entry entry, Layers layers, String name) {
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
    GuestBuilder guest = new GuestBuilder(name, kind.equals("linux"));
    image(layers, guest, kind, place);
    size(layers, guest);
    network.translate(layers, guest);
    layers.items("binds").forEach(it -> binds.translate(it, guest));
    sysctls(layers, guest);
    return Optional.of(guest);
  }

  /** Whether it is a bridge of the host, which becomes a switch of the topology's own. */
  static boolean isSwitch(Layers layers) {
    return layers.get("kind").filter(it -> SWITCHES.contains(it.text())).isPresent();
  }

  private void image(Layers layers, GuestBuilder guest, String kind, Value place) {
    if (guest.isLinux()) {
      layers.get("image").ifPresent(it -> containerImage(it, guest));
      return;
    }
    findings.add(
        place,
        "kind",
        kind + " is a network operating system in a container; the node runs Linux",
        "give it an image or a kernel of its own with \"image\" or \"kernel\"");
    layers
        .get("image")
        .ifPresent(
            it ->
                findings.add(
                    it,
                    "image",
                    "it needs what only " + kind + " gives it; the node boots the built-in image",
                    "for more programs: topology image build NAME --package P, and \"image: NAME\""));
  }

  /** Docker's short names are of Docker Hub: {@code alpine} is docker.io/library/alpine. */
  private void containerImage(Value value, GuestBuilder guest) {
    String name = value.text();
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    if ((slash < 0 ? name : first).contains("$")) {
      findings.add(
          value,
          "image",
          "where it comes from is in a variable; the node boots the built-in image",
          "write \"image: REGISTRY/NAME:TAG\"");
    } else if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      guest.image(name);
    } else {
      guest.image("docker.io/" + (slash < 0 ? "library/" : "") + name);
    }
  }

  private void size(Layers layers, GuestBuilder guest) {
    layers.get("memory").ifPresent(it -> memory(it, guest));
    layers.get("cpu").ifPresent(it -> cpus(it, guest));
  }

  private void cpus(Value value, GuestBuilder guest) {
    if (!value.text().matches("[0-9]{1,3}(\\.[0-9]+)?")) {
      findings.add(value, "cpu", "it is no number of processors", "write \"cpus: 2\"");
      return;
    }
    double wanted = Double.parseDouble(value.text());
    int whole = (int) Math.max(1, Math.ceil(wanted));
    guest.cpus(whole);
    if (whole != wanted) {
      findings.add(
          value,
          "cpu",
          "a machine has whole processors; it has " + whole,
          "see how few are enough");
    }
  }

  private void memory(Value value, GuestBuilder guest) {
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
    guest.memory(Math.max(mib, LEAST_MIB) + "MiB");
  }

  private void sysctls(Layers layers, GuestBuilder guest) {
    for (Entry entry : layers.entries("sysctls").values()) {
      String value = entry.value().text();
      if (entry.name().matches("net\\.ipv4\\.(ip_forward|conf\\.all\\.forwarding)")) {
        guest.forward(value.equals("1"));
      } else {
        guest.sysctl(entry.name(), value);
      }
    }
  }

  /**
   * Translates a bind, which shares a file or directory of the host with a container: a directory
   * is shared with the guest as well, and of a file it gets a copy.
   */
  private static final class BindTranslation {

    private final Places places;
    private final Findings findings;

    BindTranslation(Places places, Findings findings) {
      this.places = places;
      this.findings = findings;
    }

    void translate(Value value, GuestBuilder guest) {
      String[] parts = value.text().split(":", -1);
      if (parts.length > 1 && parts[0].matches("/+")) {
        findings.add(
            value,
            "binds",
            "a share of / would open this host to the guest",
            "share the directory that the guest needs");
        return;
      }
      String problem = problem(value.text(), parts);
      if (!problem.isEmpty()) {
        findings.add(value, "binds", problem, "name a file in \"files\"");
        return;
      }
      boolean isReadOnly = parts.length > 2 && List.of(parts[2].split(",")).contains("ro");
      if (places.leadToDirectory(parts[0])) {
        guest.share(guestPath(parts[1]), places.inTopology(parts[0]), !isReadOnly);
        if (!isReadOnly) {
          findings.add(
              value,
              "binds",
              "the guest can change what is in that directory of this host",
              "take \"write: true\" out if it should not");
        }
        return;
      }
      guest.file(guestPath(parts[1]), places.inTopology(parts[0]));
      if (!isReadOnly) {
        findings.add(
            value,
            "binds",
            "the guest gets a copy when it starts; what it writes stays in it",
            "bring results out over a channel or a port");
      }
    }

    /** {@code /etc//app/./} is {@code /etc/app}. */
    private static String guestPath(String path) {
      return Stream.of(path.split("/"))
          .filter(part -> !part.isEmpty() && !part.equals("."))
          .collect(Collectors.joining("/", "/", ""));
    }

    private String problem(String bind, String[] parts) {
      if (parts.length < 2) {
        return "a volume without a file of this host is just a directory of the guest";
      }
      if (bind.contains("__clab")) {
        return "there is no directory that containerlab makes for a lab";
      }
      if (!parts[1].startsWith("/")) {
        return "\"" + parts[1] + "\" is not an absolute path";
      }
      return places.leadSomewhere(parts[0]) ? "" : "there is no file or directory " + parts[0];
    }
  }

  /** Translates what a container waits for into dependencies, once all guests exist. */
  static final class WaitTranslation {

    private static final String WAIT_FOR = "wait-for";

    private final Map<String, GuestBuilder> guests;
    private final Findings findings;

    /**
     * Begins.
     *
     * @param guests by their names in the file
     */
    WaitTranslation(Map<String, GuestBuilder> guests, Findings findings) {
      this.guests = guests;
      this.findings = findings;
    }

    void translate(Layers layers, GuestBuilder guest) {
      layers.items(WAIT_FOR).forEach(it -> node(it, guest));
      for (Entry stage : layers.entries("stages").values()) {
        for (Entry entry : stage.value().entries()) {
          if (entry.name().equals(WAIT_FOR)) {
            entry.value().items().forEach(it -> stage(it, guest));
          } else if (!isExecInside(entry)) {
            findings.add(
                entry.key(),
                entry.name(),
                "a node has no stages",
                "put it into \"exec\", or into the script that calls topology");
          }
        }
      }
    }

    /** What is run in the container itself is put to its other commands. */
    private static boolean isExecInside(Entry entry) {
      return entry.name().equals("exec")
          && entry.value().items().stream().noneMatch(CommandTranslation::isOfHost);
    }

    private void stage(Value one, GuestBuilder guest) {
      node(one.get("node").orElse(one), guest);
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

    private void node(Value name, GuestBuilder guest) {
      GuestBuilder other = guests.get(name.text());
      if (other != null) {
        guest.dependOn(other);
      } else {
        findings.add(
            name,
            WAIT_FOR,
            "there is no node \""
                + name.text()
                + "\", or it has no counterpart; nobody waits for it",
            "name one in \"depends_on\"");
      }
    }
  }
}
