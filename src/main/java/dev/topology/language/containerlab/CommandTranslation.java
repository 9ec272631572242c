package dev.topology.language.containerlab;

import dev.topology.language.containerlab.GuestBuilder.Program;
import dev.topology.language.containerlab.Import.Findings;
import dev.topology.language.containerlab.Value.Entry;
import dev.topology.language.containerlab.Value.Layers;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates commands that containerlab runs in a container, into keys of a node and its command.
 */
final class CommandTranslation {

  /** What is run only to keep a container alive. */
  private static final Pattern IDLE =
      Pattern.compile(
          "(/bin/)?(ba|a)?sh( -i)?|sleep (infinity|inf)|tail -f /dev/null",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** What a shell takes as it is: the words are the same with and without one. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_@%+:,./-]+( [A-Za-z0-9_@%+=:,./-]+)*");

  private final Findings findings;
  private boolean hasToldOfFailures;

  CommandTranslation(Findings findings) {
    this.findings = findings;
  }

  /**
   * Translates {@code exec}, {@code env}, {@code healthcheck} and {@code cmd}. The guest's cables
   * have to be known.
   */
  void translate(Layers layers, GuestBuilder guest) {
    List<Value> exec = new ArrayList<>(layers.items("exec"));
    layers.entries("stages").values().forEach(it -> exec.addAll(execOf(it.value())));
    List<Value> rest =
        exec.stream().filter(it -> !ExecLine.isAddress(it.text().strip(), guest)).toList();
    rest =
        rest.stream()
            .filter(it -> !it.text().isBlank() && !ExecLine.isSetting(it.text().strip(), guest))
            .toList();
    Map<String, Entry> environment = layers.entries("env");
    Optional<Value> main = layers.get("cmd");
    Optional<Value> health = layers.get("healthcheck");
    if (!guest.isLinux()) {
      rest.forEach(it -> unrunnable(it, "exec"));
      environment.values().forEach(it -> unrunnable(it.key(), "env"));
      health.ifPresent(it -> unrunnable(it, "healthcheck"));
      main.ifPresent(it -> unrunnable(it, "cmd"));
      return;
    }
    environment.values().forEach(it -> variable(it, guest));
    rest.forEach(it -> exec(it, guest));
    health.ifPresent(it -> new HealthTranslation(findings).translate(it, guest));
    if (guest.isContainer()) {
      main.ifPresent(it -> guest.run(new Program(words(it.text()), false)));
    } else {
      main.filter(it -> !isIdle(it)).ifPresent(it -> command(it, guest));
    }
  }

  /** What a stage runs in the container itself. */
  private static List<Value> execOf(Value stage) {
    return stage.get("exec").map(Value::items).orElse(List.of()).stream()
        .filter(it -> !isOfHost(it))
        .map(it -> it.get("command").orElse(it))
        .toList();
  }

  /** Whether a stage runs a command on the host, not in the container. */
  static boolean isOfHost(Value command) {
    return command.get("target").filter(it -> it.text().equals("host")).isPresent();
  }

  /** containerlab splits it into words itself, and goes on when it fails. */
  private void exec(Value line, GuestBuilder guest) {
    String command = line.text().strip();
    guest.exec(
        PLAIN.matcher(command).matches()
            ? new Program(List.of(command), true)
            : new Program(words(command), false));
    if (!hasToldOfFailures) {
      hasToldOfFailures = true;
      findings.add(
          line,
          "exec",
          "a command that fails fails its node here, and so the topology",
          "where it may fail, write \"COMMAND || true\"");
    }
  }

  /** The program of a node that runs no container image. */
  private void command(Value main, GuestBuilder guest) {
    guest.run(new Program(words(main.text()), false));
    findings.add(
        main,
        "cmd",
        "it is the node's command; when it ends, so does the node",
        "see that the image has that program");
  }

  /** The words of a command, as a shell splits it; a quote without an end goes to the end. */
  static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean isWord = false;
    char quote = 0;
    for (int i = 0; i < command.length(); i++) {
      char it = command.charAt(i);
      if (quote == 0 && Character.isWhitespace(it)) {
        if (isWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        isWord = false;
        continue;
      }
      isWord = true;
      if (it == '\\' && quote != '\'' && i + 1 < command.length()) {
        char next = command.charAt(++i);
        word.append(quote == '"' && "\"\\$`".indexOf(next) < 0 ? "\\" : "").append(next);
      } else if (it == quote) {
        quote = 0;
      } else if (quote == 0 && (it == '\'' || it == '"')) {
        quote = it;
      } else {
        word.append(it);
      }
    }
    if (isWord) {
      words.add(word.toString());
    }
    return words;
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

  private void variable(Entry entry, GuestBuilder guest) {
    if (VARIABLE.matcher(entry.name()).matches()) {
      guest.variable(entry.name(), entry.value().text());
    } else {
      findings.add(
          entry.key(),
          "env",
          "\"" + entry.name() + "\" cannot be the name of a shell's variable; it is left out",
          "set it with env(1) in \"command\"");
    }
  }

  /**
   * A command that containerlab runs in a container. Those that set up interfaces and routes have
   * keys of their own here: see ip-address(8) and ip-route(8).
   */
  private static final class ExecLine {

    private static final Pattern UP = Pattern.compile("ip link set (dev )?(\\S+) up");
    private static final Pattern ADDRESS =
        Pattern.compile("ip (-[46] )?(?:addr|address|a) add (\\S+) dev (\\S+)");
    private static final Pattern ROUTE =
        Pattern.compile("ip (-[46] )?(?:route|r) (?:add|replace) (\\S+) via (\\S+)( dev \\S+)?");

    /** Of the network that containers share; the host network has no default route by itself. */
    private static final Pattern NO_DEFAULT =
        Pattern.compile("ip (?:route|r) del(?:ete)? default(?: via \\S+)?(?: dev eth0)?");

    private static final Pattern FORWARD =
        Pattern.compile("sysctl (-w )?net\\.ipv4\\.(ip_forward|conf\\.all\\.forwarding) ?= ?1");

    private ExecLine() {}

    /**
     * Notes the address that a command gives an interface; returns whether the command does that.
     */
    static boolean isAddress(String command, GuestBuilder guest) {
      Matcher matcher = ADDRESS.matcher(command);
      Optional<InterfaceAddress> address =
          matcher.matches() ? InterfaceAddress.parse(matcher.group(2)) : Optional.empty();
      if (address.isEmpty() || !guest.hasCableAt(matcher.group(3))) {
        return false;
      }
      guest.address(matcher.group(3), address.get());
      return true;
    }

    /**
     * Notes the route or forwarding that a command sets; returns whether it does that, or brings an
     * interface up.
     */
    static boolean isSetting(String command, GuestBuilder guest) {
      Matcher route = ROUTE.matcher(command);
      if (route.matches()) {
        return isRoute(route.group(2), route.group(3), guest);
      }
      if (FORWARD.matcher(command).matches()) {
        guest.forward(true);
        return true;
      }
      if (NO_DEFAULT.matcher(command).matches() && !guest.hasOutside()) {
        return true;
      }
      Matcher up = UP.matcher(command);
      return up.matches() && guest.hasCableAt(up.group(2));
    }

    private static boolean isRoute(String destination, String via, GuestBuilder guest) {
      Optional<IpAddress> gateway = IpAddress.parse(via);
      if (gateway.isEmpty() || !guest.reaches(gateway.get())) {
        return false;
      }
      String to = destination;
      if (!destination.equals("default")) {
        boolean isNetwork = destination.contains("/");
        String length = gateway.get().isV6() ? "/128" : "/32";
        Optional<InterfaceAddress> network =
            InterfaceAddress.parse(isNetwork ? destination : destination + length);
        if (network.isEmpty() || network.get().address().isV6() != gateway.get().isV6()) {
          return false;
        }
        to = network.get().network().toString();
      }
      guest.route(to, via);
      return true;
    }
  }
}
