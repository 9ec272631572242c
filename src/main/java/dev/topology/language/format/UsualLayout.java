package dev.topology.language.format;

import dev.topology.language.format.Pieces.Piece.Remark;
import dev.topology.language.format.Scalars.Quotes;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.Topology;
import dev.topology.source.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The usual layout of topology files.
 *
 * <p>Two columns a level, lists further in than their key, one space where one is needed, a blank
 * line between sections and never two, no quotes around what is a text without them, no blanks at
 * the ends of lines. What a list or map is written as, in lines or in brackets, stays; so do the
 * order of keys, comments, anchors, and {@code ${VARIABLES}}.
 */
public final class UsualLayout {

  private UsualLayout() {}

  /**
   * The text in that layout; it is equal to the given one if that is in it already. Line ends stay
   * what the first of them is; a byte order mark goes.
   *
   * @param text YAML without syntax errors
   * @param environment values of {@code ${VARIABLES}}, for the comparison of what both mean
   * @throws UnformattableException if the result would not say the same
   */
  public static String of(String text, Map<String, String> environment) {
    boolean isDos = text.indexOf("\r\n") >= 0 && text.indexOf("\r\n") == text.indexOf('\n') - 1;
    String lines = text.replaceFirst("^\uFEFF", "").replace("\r\n", "\n").replace('\r', '\n');
    String result = Layout.of(Pieces.of(lines));
    if (!result.equals(lines)) {
      Optional<String> difference = SameMeaning.difference(lines, result, environment);
      if (difference.isPresent()) {
        throw new UnformattableException(difference.get());
      }
    }
    return isDos ? result.replace("\n", "\r\n") : result;
  }

  /** A text cannot be laid out anew without a change of its meaning, so it is left as it is. */
  public static final class UnformattableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnformattableException(String message) {
      super(message);
    }
  }

  /**
   * Whether a text says the same as another: to a parser (values, anchors, tags, styles), to people
   * (comments), and to the loader (the topology, or what is wrong with it).
   */
  static final class SameMeaning {

    /** Made when it is first needed, since that takes a tenth of a second. */
    private static final class Shared {
      private static final TopologyLoader LOADER = new TopologyLoader();
    }

    private SameMeaning() {}

    /** What of the second is not as in the first, if anything. */
    static Optional<String> difference(
        String before, String after, Map<String, String> environment) {
      try {
        return difference(events(before), events(after))
            .or(() -> difference(comments(before), comments(after)))
            .or(() -> difference(loaded(before, environment), loaded(after, environment)));
      } catch (YAMLException e) {
        return Optional.of("it would not be YAML any more: " + e.getMessage());
      }
    }

    private static Optional<String> difference(List<String> before, List<String> after) {
      for (int at = 0; at < Math.max(before.size(), after.size()); at++) {
        String old = at < before.size() ? before.get(at) : "nothing";
        String now = at < after.size() ? after.get(at) : "nothing";
        if (!old.equals(now)) {
          return Optional.of(old + " would become " + now);
        }
      }
      return Optional.empty();
    }

    private static List<String> events(String text) {
      LoaderOptions options = new LoaderOptions();
      options.setCodePointLimit(Integer.MAX_VALUE);
      Parser parser = new ParserImpl(new StreamReader(text), options);
      List<String> events = new ArrayList<>();
      while (!parser.checkEvent(Event.ID.StreamEnd)) {
        events.add(describe(parser.getEvent()));
      }
      return events;
    }

    private static String describe(Event event) {
      String anchor = event instanceof NodeEvent node ? "&" + node.getAnchor() + " " : "";
      if (event instanceof ScalarEvent scalar) {
        boolean isPlain = scalar.isPlain() || Quotes.areNotNeededBy(scalar.getValue());
        boolean isBlock = scalar.isLiteral() || scalar.isFolded();
        String style = isBlock ? scalar.getScalarStyle().toString() : isPlain ? "plain" : "quoted";
        return anchor + scalar.getTag() + " " + style + " " + scalar.getValue();
      }
      if (event instanceof CollectionStartEvent start) {
        return anchor + start.getTag() + " " + event.getEventId() + " " + start.getFlowStyle();
      }
      return anchor + event.getEventId();
    }

    private static List<String> comments(String text) {
      return Pieces.of(text).stream()
          .flatMap(it -> Stream.concat(it.before().stream(), it.beside().stream()))
          .map(Remark::text)
          .filter(it -> !it.isEmpty())
          .sorted()
          .toList();
    }

    private static List<String> loaded(String text, Map<String, String> environment) {
      LoadResult result =
          Shared.LOADER.load(
              LoadRequest.ofText(new SourceText("topology.yaml", text), environment));
      Stream<String> topology =
          result instanceof Loaded loaded
              ? Stream.of(withoutTests(loaded.topology()).toString())
              : Stream.of("a file with mistakes");
      return Stream.concat(
              topology, result.diagnostics().stream().map(it -> it.id() + ": " + it.message()))
          .toList();
    }

    /** They know their places, which another layout changes; of their words the events tell. */
    private static Topology withoutTests(Topology topology) {
      return new Topology(
          topology.name(),
          topology.nodes(),
          topology.switches(),
          topology.cables(),
          topology.placement(),
          List.of());
    }
  }
}
