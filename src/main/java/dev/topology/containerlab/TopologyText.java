package dev.topology.containerlab;

import dev.topology.model.InterfaceAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the topology file. */
final class TopologyText {

  private final List<String> lines = new ArrayList<>();

  private TopologyText() {}

  static String of(
      String origin,
      String name,
      List<Finding> findings,
      Collection<Guest> guests,
      List<Link> links) {
    TopologyText text = new TopologyText();
    text.head(origin, findings);
    text.line("name: " + Scalar.of(name));
    text.line("");
    text.line("nodes:");
    guests.forEach(text::node);
    if (!links.isEmpty()) {
      text.line("");
      text.line("cables:");
      links.forEach(text::cable);
    }
    return String.join("\n", text.lines) + "\n";
  }

  private void head(String origin, List<Finding> findings) {
    line("# Imported from containerlab's " + origin + ".");
    if (!findings.isEmpty()) {
      line("# What has no counterpart, or not quite, by line and column there:");
      line("#");
      for (Finding it : findings) {
        line("#   " + it.location().start() + " " + it.key() + ": " + it.why());
      }
    }
  }

  private void node(Guest guest) {
    int start = lines.size();
    line("  " + Scalar.of(guest.name()) + ":");
    guest.memory().ifPresent(it -> line("    memory: " + it));
    if (guest.cpus() > 1) {
      line("    cpus: " + guest.cpus());
    }
    if (!guest.hasHostNetwork()) {
      line("    host_network: false");
    } else if (guest.hasOutside()) {
      line("    host_network: {outside: true}");
    }
    if (guest.forwards()) {
      line("    forward: true");
    }
    map("ports", guest.ports());
    map("files", guest.files());
    map("routes", guest.routes());
    if (!guest.dependsOn().isEmpty()) {
      line("    depends_on: [" + join(guest.dependsOn()) + "]");
    }
    if (!guest.script().isEmpty()) {
      line("    command: |");
      guest.script().forEach(it -> line("      " + Variables.translate(it)));
    }
    if (lines.size() == start + 1) {
      lines.set(start, "  " + Scalar.of(guest.name()) + ": {}");
    }
  }

  private void map(String key, Map<String, String> entries) {
    if (!entries.isEmpty()) {
      line("    " + key + ":");
      entries.forEach(
          (name, value) ->
              line(
                  "      "
                      + Scalar.of(Variables.translate(name))
                      + ": "
                      + Scalar.of(Variables.translate(value))));
    }
  }

  private void cable(Link link) {
    if (link.isBrief()) {
      line(
          "  - ["
              + link.ends().stream()
                  .map(it -> Scalar.of(it.brief()))
                  .collect(Collectors.joining(", "))
              + "]");
      return;
    }
    line("  - ends:");
    link.ends().forEach(end -> line("      - " + end(end, link.isAddressed())));
  }

  private static String end(Link.End end, boolean isAddressed) {
    StringBuilder text = new StringBuilder("{node: " + Scalar.of(end.node()));
    end.interfaceName().ifPresent(it -> text.append(", interface: ").append(Scalar.of(it)));
    end.mac().ifPresent(it -> text.append(", mac: ").append(Scalar.of(it)));
    List<String> addresses = end.addresses().stream().map(InterfaceAddress::toString).toList();
    if (addresses.isEmpty() && isAddressed) {
      text.append(", address: none");
    } else if (addresses.size() == 1) {
      text.append(", address: ").append(Scalar.of(addresses.get(0)));
    } else if (!addresses.isEmpty()) {
      text.append(", address: [").append(join(addresses)).append("]");
    }
    return text.append("}").toString();
  }

  private static String join(Collection<String> items) {
    return items.stream().map(Scalar::of).collect(Collectors.joining(", "));
  }

  private void line(String text) {
    lines.add(text);
  }
}
