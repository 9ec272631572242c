package dev.topology.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that tells more about one kind of mistake than a report has room for.
 *
 * <p>Pages lie beside this class as Markdown, one a kind, with fixed headings; a test holds that
 * every kind has one and that its examples are what they claim to be.
 *
 * @param id the kind of mistake
 * @param meaning what is wrong, and what usually causes it: prose, in lines of 80 columns
 * @param example a small file with that mistake and without it, where a file can show it
 * @param reason why there is such a rule: prose
 * @param markdown the whole page as it was written
 */
public record Explanation(
    DiagnosticId id, String meaning, Optional<Example> example, String reason, String markdown) {

  private static final Pattern PAGE =
      Pattern.compile(
          "# [^\n]*\n\n(?<meaning>.*?)"
              + "(?:\n## Wrong\n\n(?<wrong>.*?)\n## Right\n\n(?<right>.*?))?"
              + "\n## Why\n\n(?<why>.*)",
          Pattern.DOTALL);

  /**
   * A topology with the mistake, and the same without it.
   *
   * @param wrong YAML
   * @param right YAML
   */
  public record Example(String wrong, String right) {}

  /** The page on that kind. Reads a resource of this program. */
  public static Explanation of(DiagnosticId id) {
    String text = read("explain/" + id + ".md");
    Matcher page = PAGE.matcher(text);
    if (!page.matches()) {
      throw new IllegalStateException("the page on " + id + " lacks a heading");
    }
    Optional<Example> example =
        Optional.ofNullable(page.group("wrong"))
            .map(wrong -> new Example(yaml(wrong), yaml(page.group("right"))));
    return new Explanation(id, page.group("meaning"), example, page.group("why"), text);
  }

  /** Code in Markdown is indented by four. */
  private static String yaml(String block) {
    return block.replaceAll("(?m)^ {4}", "");
  }

  private static String read(String resource) {
    try (InputStream in = Explanation.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("there is no page " + resource);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
