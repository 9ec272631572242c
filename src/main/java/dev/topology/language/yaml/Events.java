package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.SourceText;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The parser's events, one after the other. After a syntax error, which is reported once, there is
 * only the end of the stream, so that the reader closes what is open and keeps what it has read.
 */
final class Events {

  private final Parser parser;
  private final SourceText source;
  private final Report report;
  private Event last;
  private boolean ended;

  Events(SourceText source, Report report) {
    LoaderOptions options = new LoaderOptions();
    // The file's size has been judged already; the default would stop at 3 MB, about 11,000 nodes.
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

  /** Says why there is no going on, and ends the stream here. */
  void giveUp(Diagnostic why) {
    report.add(why);
    last = new StreamEndEvent(last.getEndMark(), last.getEndMark());
    ended = true;
  }
}
