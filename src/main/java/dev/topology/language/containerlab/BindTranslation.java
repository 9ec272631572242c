package dev.topology.language.containerlab;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a file of a guest of a bind, which shares a file of the host with a container. */
final class BindTranslation {

  private final Places places;
  private final Findings findings;

  BindTranslation(Places places, Findings findings) {
    this.places = places;
    this.findings = findings;
  }

  void translate(Value value, GuestBuilder guest) {
    String[] parts = value.text().split(":", -1);
    String problem = problem(value.text(), parts);
    if (!problem.isEmpty()) {
      findings.add(value, "binds", problem, "name a file in \"files\"");
      return;
    }
    guest.file(guestPath(parts[1]), places.inTopology(parts[0]));
    if (parts.length < 3 || !parts[2].contains("ro")) {
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
