package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.BAD_PATH;

import dev.topology.source.Quote;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/** The forms of paths. */
final class Paths {

  private static final Set<String> DETOURS = Set.of("", ".", "..");

  private Paths() {}

  /** A path of the host, absolute or relative to the file. */
  static Parsed<String> hostPath(String text) {
    if (text.isBlank()) {
      return Parsed.wrong(BAD_PATH, "a path cannot be empty");
    }
    try {
      return Parsed.value(Path.of(text).toString());
    } catch (InvalidPathException e) {
      // In the POSIX locale the JDK cannot encode a path that is not ASCII.
      return Parsed.wrong(
          BAD_PATH,
          Quote.of(text) + " cannot be a path: " + e.getReason(),
          "with LC_ALL=C.UTF-8 in the environment, paths may hold any character");
    }
  }

  /** An absolute path in the guest, without detours. */
  static Parsed<String> guestPath(String text) {
    if (!text.startsWith("/")) {
      return Parsed.wrong(
          BAD_PATH,
          Quote.of(text) + " is not an absolute path in the guest",
          "did you mean \"/" + text + "\"? The guest's path comes first, the host's second");
    }
    boolean direct = Stream.of(text.substring(1).split("/", -1)).noneMatch(DETOURS::contains);
    return direct
        ? Parsed.value(text)
        : Parsed.wrong(
            BAD_PATH,
            Quote.of(text) + " cannot be a file of the guest",
            "such as /etc/motd, without \".\", \"..\" or a \"/\" too many");
  }
}
