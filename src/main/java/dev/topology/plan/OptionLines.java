package dev.topology.plan;

import dev.topology.text.ShellWord;
import java.util.ArrayList;
import java.util.List;

/** QEMU's argument list as people read it: one option a line, each argument as a shell wants it. */
public final class OptionLines {

  private OptionLines() {}

  /** The lines, in order; joined by blanks they are what a shell runs. */
  public static List<String> of(List<String> arguments) {
    List<String> lines = new ArrayList<>();
    boolean valueMayFollow = false;
    for (String argument : arguments) {
      boolean isFlag = argument.startsWith("-");
      if (!isFlag && valueMayFollow) {
        lines.set(lines.size() - 1, lines.get(lines.size() - 1) + " " + ShellWord.quote(argument));
      } else {
        lines.add(ShellWord.quote(argument));
      }
      valueMayFollow = isFlag;
    }
    return lines;
  }
}
