package dev.topology.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a guest runs once its interfaces are up: a shell script of one line or several.
 *
 * @param script lines for {@code sh}, at least one, none with a line break
 * @param arguments the same as a program and its arguments: a shell, for what the user wrote for
 *     one
 */
public record Command(List<String> script, List<String> arguments) {

  public Command {
    script = List.copyOf(script);
    arguments = List.copyOf(arguments);
  }

  /** A command the user wrote as one string, perhaps of several lines. */
  public static Command ofShell(String text) {
    return new Command(text.lines().toList(), List.of("/bin/sh", "-c", text));
  }

  /** A command the user wrote as a list: program and arguments, which no shell may reinterpret. */
  public static Command ofArguments(List<String> arguments) {
    String quoted = arguments.stream().map(Command::quoted).collect(Collectors.joining(" "));
    // Not lines(), which take a carriage return for a line break.
    return new Command(List.of(quoted.split("\n", -1)), arguments);
  }

  /** Its first line, for messages. */
  public String summary() {
    List<String> lines = script.stream().map(String::strip).filter(it -> !it.isEmpty()).toList();
    return lines.isEmpty() ? "" : lines.get(0) + (lines.size() > 1 ? " …" : "");
  }

  private static String quoted(String argument) {
    return argument.matches("[A-Za-z0-9_@%+=:,./-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
