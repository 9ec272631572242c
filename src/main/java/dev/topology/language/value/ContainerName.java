package dev.topology.language.value;

import dev.topology.model.ContainerReference;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A container image as a file refers to it: {@code oci:./layout}, {@code docker.io/debian:12}. */
public sealed interface ContainerName {

  /**
   * An image layout, or an archive, of the host; and which image in it, where there are several.
   */
  record InFiles(HostPath path, Optional<String> tag) implements ContainerName {}

  /** An image of a registry. */
  record InRegistry(ContainerReference.Remote reference) implements ContainerName {}

  /** The image it names, once relative paths are resolved. */
  default ContainerReference resolved(HostPath.Base paths) {
    return this instanceof InRegistry remote
        ? remote.reference()
        : new ContainerReference.Local(
            paths.resolve(((InFiles) this).path()), ((InFiles) this).tag());
  }

  /** Whether a text is meant to be one, and not the name or directory of a guest image. */
  static boolean isOne(String text) {
    return text.startsWith(Syntax.FILES) || Syntax.OF_REGISTRY.matcher(text).matches();
  }

  /** The image of a registry that Docker would take a text for. */
  private static Optional<String> meant(String text) {
    int start = text.lastIndexOf('/') + 1;
    int end = text.substring(start).split("[:@]", 2)[0].length() + start;
    String name = text.substring(0, end).toLowerCase(Locale.ROOT) + text.substring(end);
    return Stream.of(name, "docker.io/" + name)
        .filter(Syntax.OF_REGISTRY.asMatchPredicate())
        .filter(Syntax.REFERENCE.asMatchPredicate())
        .findFirst();
  }

  /** What to write instead of a name that means an image to Docker, and nothing here. */
  static Optional<String> hint(String text) {
    return meant(text).map(it -> "a container image begins with its registry: " + Quote.of(it));
  }

  /** Reads a text that is meant to be one. */
  static Parsed<ContainerName> parse(String text) {
    return text.startsWith(Syntax.FILES) ? Syntax.inFiles(text) : Syntax.inRegistry(text);
  }

  /** How they are written: the grammar of github.com/distribution/reference. */
  final class Syntax {

    static final String FILES = "oci:";

    /** A host name with a dot or a port, or localhost, before the first slash. */
    static final Pattern OF_REGISTRY =
        Pattern.compile("(?![.~/])(localhost|[^/]*[.:][^/]*|\\[[^/]*)/.*");

    private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";

    private static final Pattern IN_FILES =
        Pattern.compile("oci:(?<path>.*?)(:(?<tag>[^/:]+(?::" + TAG + ")?))?");

    private static final String WORD = "[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*";

    private static final Pattern REFERENCE =
        Pattern.compile(
            "(?<registry>(?:[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?)"
                + "/(?<repository>"
                + WORD
                + "(?:/"
                + WORD
                + ")*)"
                + "(?::(?<tag>"
                + TAG
                + "))?(?:@(?<digest>sha256:[0-9a-f]{64}))?");

    private Syntax() {}

    private static Parsed<ContainerName> inFiles(String text) {
      Matcher matcher = IN_FILES.matcher(text);
      if (!matcher.matches() || matcher.group("path").isEmpty()) {
        return wrong(text, "after \"oci:\" comes a path: an image layout, or a saved archive");
      }
      Optional<String> tag = Optional.ofNullable(matcher.group("tag"));
      return HostPath.parse(matcher.group("path"))
          .then(path -> Parsed.value(new InFiles(path, tag)));
    }

    private static Parsed<ContainerName> inRegistry(String text) {
      Matcher matcher = REFERENCE.matcher(text);
      if (!matcher.matches()) {
        return wrong(
            text,
            meant(text.replaceFirst("^(docker|https?)://", ""))
                .map(it -> "did you mean " + Quote.of(it) + "?")
                .orElse(
                    "the registry, a lower-case path, and perhaps a tag or digest, such as"
                        + " docker.io/library/debian:12; a directory begins with \"./\""));
      }
      String registry = matcher.group("registry");
      String repository = matcher.group("repository");
      Optional<String> digest = Optional.ofNullable(matcher.group("digest"));
      Optional<String> tag = Optional.ofNullable(matcher.group("tag"));
      boolean isOfficial = registry.equals("docker.io") && repository.indexOf('/') < 0;
      return Parsed.value(
          new InRegistry(
              new ContainerReference.Remote(
                  registry,
                  isOfficial ? "library/" + repository : repository,
                  tag.or(() -> digest.isPresent() ? tag : Optional.of("latest")),
                  digest)));
    }

    private static Parsed<ContainerName> wrong(String text, String hint) {
      return Parsed.wrong(
          DiagnosticId.BAD_NAME, Quote.of(text) + " cannot be the name of a container image", hint);
    }
  }
}
