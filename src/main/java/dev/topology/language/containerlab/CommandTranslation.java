package dev.topology.language.containerlab;

import dev.topology.language.containerlab.Value.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes keys, and the command, of a guest of what is run in a container. */
final class CommandTranslation {

  /** What is run only to keep a container alive. */
  private static final Pattern IDLE =
      Pattern.compile(
          "(/bin/)?(ba|a)?sh( -i)?|sleep (infinity|inf)|tail -f /dev/null",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Findings findings;

  CommandTranslation(Findings findings) {
    this.findings = findings;
  }

  /** Takes over what is run; the guest's interfaces are known by now. */
  void translate(Layers layers, GuestBuilder guest) {
    List<Value> exec = layers.items("exec");
    List<Value> rest =
        exec.stream().filter(it -> !ExecLine.isAddress(it.text().strip(), guest)).toList();
    rest = rest.stream().filter(it -> !ExecLine.isSetting(it.text().strip(), guest)).toList();
    Map<String, Entry> environment = layers.entries("env");
    Optional<Value> main = layers.get("cmd").filter(it -> !isIdle(it));
    if (!guest.isLinux()) {
      rest.forEach(it -> unrunnable(it, "exec"));
      environment.values().forEach(it -> unrunnable(it.key(), "env"));
      main.ifPresent(it -> unrunnable(it, "cmd"));
    } else if (!rest.isEmpty() || !environment.isEmpty() || main.isPresent()) {
      environment.values().forEach(it -> export(it, guest));
      rest.forEach(it -> it.text().strip().lines().forEach(guest::run));
      ("exec " + main.map(it -> it.text().strip()).orElse("sh -i")).lines().forEach(guest::run);
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

  /** In quotes, a value of several lines is one of the shell's as well. */
  private void export(Entry entry, GuestBuilder guest) {
    if (!VARIABLE.matcher(entry.name()).matches()) {
      findings.add(
          entry.key(),
          "env",
          "\"" + entry.name() + "\" cannot be the name of a shell's variable; it is left out",
          "set it with env(1) in \"command\"");
      return;
    }
    String value = entry.value().text().replace("'", "'\\''");
    Stream.of(("export " + entry.name() + "='" + value + "'").split("\n", -1)).forEach(guest::run);
  }
}
