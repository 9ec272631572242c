package dev.topology.language.containerlab;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Makes names that a topology can have: DNS labels, each once. */
final class Names {

  private static final int LONGEST = 63;

  private final Set<String> taken = new HashSet<>(Set.of("localhost"));

  /**
   * @param all names that will be taken: those that can stay do, whatever comes before them
   */
  Names(Collection<String> all) {
    all.stream().filter(name -> label(name).equals(name)).forEach(taken::add);
  }

  /** The name itself if it can stay, or else one near to it. */
  String take(String name) {
    String label = label(name);
    if (label.equals(name) && !name.equals("localhost")) {
      return name;
    }
    String free = label;
    for (int number = 2; !taken.add(free); number++) {
      String end = "-" + number;
      free = label.substring(0, Math.min(label.length(), LONGEST - end.length())) + end;
    }
    return free;
  }

  static String label(String name) {
    String label = trim(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    String shortened = trim(label.substring(0, Math.min(LONGEST, label.length())));
    return shortened.isEmpty() ? "node" : shortened;
  }

  private static String trim(String text) {
    return text.replaceAll("^-+|-+$", "");
  }
}
