package dev.topology.language.containerlab;

import dev.topology.language.containerlab.GuestBuilder.Guest;
import dev.topology.language.containerlab.GuestBuilder.Health;
import dev.topology.language.containerlab.GuestBuilder.Program;
import dev.topology.language.containerlab.GuestBuilder.Share;
import dev.topology.language.containerlab.Import.Finding;
import dev.topology.language.containerlab.LinkTranslation.Link;
import dev.topology.model.InterfaceAddress;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes the topology file. */
final class TopologyText {

  private final List<String> lines = new ArrayList<>();

  /** What each line belongs to; nothing for what cannot be left out. */
  private final List<Optional<Part>> parts = new ArrayList<>();

  private Optional<Part> current = Optional.empty();

  private TopologyText() {}

  /**
   * Something that can be left out.
   *
   * @param node its name; empty for a cable
   * @param key of the node
   * @param entry of the key, where that has some; the index of a cable
   */
  record Part(String node, String key, String entry) {}

  static TopologyText of(
      String origin,
      String name,
      List<Finding> findings,
      Collection<Guest> guests,
      Collection<String> switches,
      List<Link> links) {
    TopologyText text = new TopologyText();
    text.head(origin, findings);
    text.line("name: " + Scalar.of(name));
    text.line("");
    text.line("nodes:");
    guests.forEach(text::node);
    if (!switches.isEmpty()) {
      text.line("");
      text.line("switches:");
      switches.forEach(it -> text.line("  " + Scalar.of(it) + ": {}"));
    }
    if (!links.isEmpty()) {
      text.line("");
      text.line("cables:");
      for (int i = 0; i < links.size(); i++) {
        Link link = links.get(i);
        text.part("", "links", String.valueOf(i), () -> text.cable(link));
      }
    }
    return text;
  }

  /** The file. */
  String text() {
    return String.join("\n", lines) + "\n";
  }

  /** What a line, counted from 1, belongs to. */
  Optional<Part> partAt(int line) {
    return line >= 1 && line <= parts.size() ? parts.get(line - 1) : Optional.empty();
  }

  private void part(String node, String key, String entry, Runnable lines) {
    current = Optional.of(new Part(node, key, entry));
    lines.run();
    current = Optional.empty();
  }

  private void head(String origin, List<Finding> findings) {
    line("# Imported from containerlab's " + comment(origin) + ".");
    if (!findings.isEmpty()) {
      line("# What has no counterpart, or not quite, by line and column there:");
      line("#");
      for (Finding it : findings) {
        line("#   " + it.location().start() + " " + comment(it.key() + ": " + it.why()));
      }
    }
  }

  /** A text as one line of a comment. */
  private static String comment(String text) {
    return Quote.printable(text.replaceAll("\\s+", " "));
  }

  private void node(Guest guest) {
    int start = lines.size();
    line("  " + Scalar.of(guest.name()) + ":");
    String name = guest.name();
    guest.image().ifPresent(it -> part(name, "image", "", () -> line("    image: " + text(it))));
    guest.memory().ifPresent(it -> part(name, "memory", "", () -> line("    memory: " + it)));
    if (guest.cpus() > 1) {
      part(name, "cpus", "", () -> line("    cpus: " + guest.cpus()));
    }
    if (!guest.hasHostNetwork()) {
      line("    host_network: false");
    } else if (guest.hasOutside()) {
      line("    host_network: {outside: true}");
    }
    if (guest.forwards()) {
      part(name, "forward", "", () -> line("    forward: true"));
    }
    map(name, "ports", guest.ports());
    map(name, "files", guest.files());
    map(name, "shares", guest.shares(), TopologyText::share);
    map(name, "env", guest.environment());
    map(name, "sysctls", guest.sysctls());
    map(name, "routes", guest.routes());
    if (!guest.dependsOn().isEmpty()) {
      String names = join(guest.dependsOn());
      part(name, "depends_on", "", () -> line("    depends_on: [" + names + "]"));
    }
    exec(name, guest.exec());
    guest.health().ifPresent(it -> part(name, "ready", "", () -> ready(it)));
    guest
        .command()
        .ifPresent(it -> part(name, "command", "", () -> line("    command: " + program(it))));
    if (lines.size() == start + 1) {
      lines.set(start, "  " + Scalar.of(guest.name()) + ": {}");
    }
  }

  private void exec(String node, List<Program> programs) {
    if (!programs.isEmpty()) {
      line("    exec:");
      for (int i = 0; i < programs.size(); i++) {
        Program program = programs.get(i);
        part(node, "exec", String.valueOf(i), () -> line("      - " + program(program)));
      }
    }
  }

  private void ready(Health health) {
    String within =
        health.seconds().isPresent() ? ", within: " + health.seconds().getAsLong() + "s" : "";
    line("    ready: {exec: " + program(health.check()) + within + "}");
  }

  private static String program(Program program) {
    return program.isScript()
        ? text(program.parts().get(0))
        : program.parts().stream()
            .map(TopologyText::text)
            .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String share(Share share) {
    String host = text(share.hostPath());
    return share.writable() ? "{host: " + host + ", write: true}" : host;
  }

  private void map(String node, String key, Map<String, String> entries) {
    map(node, key, entries, TopologyText::text);
  }

  private <T> void map(String node, String key, Map<String, T> entries, Function<T, String> text) {
    if (!entries.isEmpty()) {
      line("    " + key + ":");
      entries.forEach(
          (name, value) ->
              part(node, key, name, () -> line("      " + text(name) + ": " + text.apply(value))));
    }
  }

  /** A text of the lab, in which variables are filled in. */
  private static String text(String text) {
    return Scalar.of(Variables.translate(text));
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
    link.mtu().ifPresent(it -> line("    mtu: " + text(it)));
  }

  private static String end(Link.End end, boolean isAddressed) {
    StringBuilder text = new StringBuilder("{node: " + Scalar.of(end.node()));
    end.interfaceName().ifPresent(it -> text.append(", interface: ").append(Scalar.of(it)));
    end.mac().ifPresent(it -> text.append(", mac: ").append(Scalar.of(it)));
    List<String> addresses = end.addresses().stream().map(InterfaceAddress::toString).toList();
    if (addresses.isEmpty() && isAddressed && !end.isSwitch()) {
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
    parts.add(current);
  }

  /** A text as a scalar of YAML, with quotes where it needs some. */
  private static final class Scalar {

    private static final Pattern PLAIN =
        Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*");

    private static final Set<String> WORDS =
        Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

    private Scalar() {}

    static String of(String text) {
      boolean isPlain =
          PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
      return isPlain ? text : "\"" + escaped(text) + "\"";
    }

    private static String escaped(String text) {
      StringBuilder escaped = new StringBuilder();
      text.codePoints()
          .forEach(
              it -> {
                if (it == '"' || it == '\\') {
                  escaped.append('\\').appendCodePoint(it);
                } else if (it == '\n') {
                  escaped.append("\\n");
                } else if (isEscaped(it)) {
                  escaped.append(String.format("\\U%08x", it));
                } else {
                  escaped.appendCodePoint(it);
                }
              });
      return escaped.toString();
    }

    /** What is no printable character of YAML, or looks like none. */
    private static boolean isEscaped(int codePoint) {
      return switch (Character.getType(codePoint)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED ->
            true;
        default -> false;
      };
    }
  }

  /**
   * Variables of the environment in a text. Both languages fill them in; containerlab also without
   * braces, and with nothing where there is no such variable.
   */
  static final class Variables {

    private static final Pattern VARIABLE =
        Pattern.compile(
            "\\$\\$|\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}|\\$([A-Za-z_][A-Za-z0-9_]*)"
                + "|\\$\\{[A-Za-z_][A-Za-z0-9_]*:?-[^}]*\\}|\\$\\{");

    private Variables() {}

    /** The text as a topology file has to have it. */
    static String translate(String text) {
      return VARIABLE.matcher(text).replaceAll(Variables::translate);
    }

    private static String translate(MatchResult match) {
      String name = match.group(1) != null ? match.group(1) : match.group(2);
      String translated =
          name != null
              ? "${" + name + ":-}"
              // Other forms of the shell's are kept as they read.
              : match.group().equals("${") ? "$${" : match.group();
      return Matcher.quoteReplacement(translated);
    }
  }
}
