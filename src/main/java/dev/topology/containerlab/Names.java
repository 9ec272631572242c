package dev.topology.containerlab;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Makes names that a topology can have: DNS labels, each once. */
final class Names {

  private static final int LONGEST = 63;

  private final Set<String> taken = new HashSet<>(Set.of("localhost"));

  /** The name itself if it can stay, or else one near to it. */
  String take(String name) {
    String label = label(name);
    String free = label;
    for (int number = 2; !taken.add(free); number++) {
      free = label + "-" + number;
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
