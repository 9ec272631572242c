package dev.topology.language.yaml;

import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.MappingEntries;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Scalar.Style;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import dev.topology.source.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Walks the events of the YAML parser into a {@link Tree}.
 *
 * <p>Nothing is given a meaning here that the text does not have: plain scalars keep their text, so
 * that {@code no}, {@code 012} and {@code 22:22} are what they look like until a key asks for a
 * number or a truth value.
 */
public final class YamlReader {

  /** The language needs 6; aliases inside aliases may nest a little. */
  private static final int DEEPEST = 32;

  private final SourceText source;
  private final Interpolation interpolation;
  private final Report report;
  private final Events events;
  private final Anchors anchors;
  private int depth;

  private YamlReader(SourceText source, Interpolation interpolation, Report report) {
    this.source = source;
    this.interpolation = interpolation;
    this.report = report;
    this.events = new Events(source, report);
    this.anchors = new Anchors(report);
  }

  /**
   * The text's one document; empty if there is none. After a syntax error, what comes before it.
   */
  public static Optional<Tree> read(SourceText source, Interpolation interpolation, Report report) {
    return new YamlReader(source, interpolation, report).document();
  }

  private Optional<Tree> document() {
    events.skip(Event.ID.StreamStart);
    if (!events.skip(Event.ID.DocumentStart)) {
      return Optional.empty();
    }
    Tree root = value(events.next());
    events.skip(Event.ID.DocumentEnd);
    if (events.peek().is(Event.ID.DocumentStart)) {
      Location second = locate(events.next()).part(0, 3);
      report.add(
          Diagnostic.of(DiagnosticId.SECOND_DOCUMENT, second, "a second document starts here")
              .hint("one file is one topology: move this into a file of its own"));
    }
    return Optional.of(root);
  }

  private Tree value(Event event) {
    anchors.sawNode(depth);
    if (event instanceof AliasEvent alias) {
      return anchors.resolve(alias.getAnchor(), locate(event), depth, events);
    }
    String anchor = event instanceof NodeEvent node ? node.getAnchor() : null;
    if (anchor == null) {
      return contents(event);
    }
    Anchors.Definition definition = anchors.open(anchor, depth);
    Tree tree = contents(event);
    anchors.close(definition, tree);
    return tree;
  }

  private Tree contents(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    if (depth == DEEPEST) {
      events.giveUp(
          Diagnostic.of(DiagnosticId.TOO_DEEP, locate(event), "lists and maps are nested too deep")
              .hint("the language needs no more than 6 levels"));
      return broken(locate(event));
    }
    depth++;
    Tree tree = event instanceof SequenceStartEvent start ? sequence(start) : mapping(event);
    depth--;
    return tree;
  }

  private Tree sequence(SequenceStartEvent start) {
    isPlainTag(start.getTag(), "tag:yaml.org,2002:seq", start);
    List<Tree> items = new ArrayList<>();
    while (!events.peek().is(Event.ID.SequenceEnd) && !events.atEnd()) {
      items.add(value(events.next()));
    }
    return new Sequence(locate(start, events.next()), items);
  }

  private Tree mapping(Event event) {
    if (!(event instanceof MappingStartEvent start)) {
      return broken(locate(event));
    }
    isPlainTag(start.getTag(), "tag:yaml.org,2002:map", start);
    MappingEntries entries = new MappingEntries(report);
    while (!events.peek().is(Event.ID.MappingEnd) && !events.atEnd()) {
      Tree key = value(events.next());
      Tree value = events.atEnd() ? broken(key.location()) : value(events.next());
      entry(entries, key, value);
    }
    return entries.toMapping(locate(start, events.next()));
  }

  private void entry(MappingEntries entries, Tree key, Tree value) {
    if (!(key instanceof Scalar scalar)) {
      entries.lose();
      report.add(
          Diagnostic.of(
              DiagnosticId.BAD_KEY, key.location(), "a key must be a text, not " + key.kind()));
    } else if (scalar.isPlain() && scalar.text().equals("<<")) {
      entries.merge(scalar, value);
    } else if (scalar.isBroken()) {
      entries.lose();
    } else {
      entries.put(new Entry(scalar, value));
    }
  }

  private Scalar scalar(ScalarEvent event) {
    Location location = locate(event);
    boolean text = !event.isPlain() || event.getTag() != null;
    if (!isPlainTag(event.getTag(), "tag:yaml.org,2002:str", event)) {
      return broken(location);
    }
    return interpolation
        .fill(event.getValue(), location)
        .filter(filled -> report.acceptsText(filled, location))
        .map(filled -> new Scalar(location, filled, text ? Style.TEXT : Style.PLAIN))
        .orElseGet(() -> broken(location));
  }

  /** Whether a value has no tag, or one that says what it is anyway; others are reported. */
  private boolean isPlainTag(@Nullable String tag, String allowed, Event event) {
    if (tag == null || tag.equals("!") || tag.equals(allowed)) {
      return true;
    }
    String shown = Quote.of(tag.replace("tag:yaml.org,2002:", "!!"));
    report.add(
        Diagnostic.of(
                DiagnosticId.UNSUPPORTED_TAG,
                locate(event),
                "the tag " + shown + " has no meaning here")
            .hint("leave it out; to make a text of a number, put the number in quotes"));
    return false;
  }

  private static Scalar broken(Location location) {
    return new Scalar(location, "", Style.BROKEN);
  }

  private Location locate(Event event) {
    return locate(event, event);
  }

  private Location locate(Event first, Event last) {
    return source.locate(
        first.getStartMark().getIndex(),
        Math.max(first.getStartMark().getIndex(), last.getEndMark().getIndex()));
  }

  /**
   * The parser's events, one after the other. After a syntax error, which is reported once, there
   * is only the end of the stream, so that the reader closes what is open and keeps what it has
   * read.
   */
  static final class Events {

    private final Parser parser;
    private final SourceText source;
    private final Report report;
    private Event last;
    private boolean ended;

    Events(SourceText source, Report report) {
      LoaderOptions options = new LoaderOptions();
      // The file's size has been judged already; the default would stop at 3 MB, about 11,000
      // nodes.
      options.setCodePointLimit(Integer.MAX_VALUE);
      this.parser = new ParserImpl(new StreamReader(source.text()), options);
      this.source = source;
      this.report = report;
      Mark start = new Mark(source.name(), 0, 0, 0, new int[0], 0);
      this.last = new StreamEndEvent(start, start);
    }

    /** The event to come, which stays where it is. */
    Event peek() {
      if (!ended) {
        try {
          last = parser.peekEvent();
          ended = last.is(Event.ID.StreamEnd);
        } catch (YAMLException | IllegalArgumentException e) {
          giveUp(SyntaxError.explain(e, last.getEndMark(), source));
        }
      }
      return last;
    }

    /** The event to come, which is taken away; the end of the stream stays. */
    Event next() {
      Event event = peek();
      if (!ended) {
        parser.getEvent();
      }
      return event;
    }

    boolean atEnd() {
      return peek().is(Event.ID.StreamEnd);
    }

    /** Takes the event to come away if it is one of that kind. */
    boolean skip(Event.ID id) {
      boolean expected = peek().is(id);
      if (expected) {
        next();
      }
      return expected;
    }

    /** Reports why reading stops, and ends the stream. */
    void giveUp(Diagnostic why) {
      report.add(why);
      last = new StreamEndEvent(last.getEndMark(), last.getEndMark());
      ended = true;
    }
  }
}
