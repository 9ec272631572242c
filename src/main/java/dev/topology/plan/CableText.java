package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Shaping;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The cables that are more than a plain wire, for people to read: what is done to their frames. */
final class CableText {

  private final List<Cable> cables;

  CableText(List<Cable> cables) {
    this.cables =
        cables.stream()
            .filter(cable -> cable.shaper().isPresent() || cable.capture().isPresent())
            .toList();
  }

  /** One line for each, under a heading; nothing where there are none. */
  String table() {
    if (cables.isEmpty()) {
      return "";
    }
    int width = cables.stream().mapToInt(cable -> cable.name().length()).max().orElse(1);
    StringBuilder table = new StringBuilder("\ncables\n");
    for (Cable cable : cables) {
      table.append("  ").append(cable.name());
      table.append(" ".repeat(width - cable.name().length() + 2));
      table.append(String.join(", ", traits(cable))).append('\n');
    }
    return table.toString();
  }

  private static List<String> traits(Cable cable) {
    List<String> traits = new ArrayList<>();
    cable.shaper().ifPresent(shaper -> traits.add("shaped: " + shaping(shaper.shaping())));
    cable.capture().ifPresent(file -> traits.add("captured into " + file));
    return traits;
  }

  private static String shaping(Shaping shaping) {
    String text =
        shaping.settings().entrySet().stream()
            .map(it -> it.getKey() + " " + it.getValue())
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? "nothing yet" : text;
  }
}
