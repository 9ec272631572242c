package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.SourceText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Puts the messages of the YAML parser, which are about tokens and block ends, into plain words.
 */
final class SyntaxError {

  /**
   * What the parser says, and what to tell the user instead; {@code $1} is a part of the former.
   */
  private record Wording(
      Pattern problem, Pattern context, Place place, String message, String hint) {
    static Wording of(String problem, String context, Place place, String message, String hint) {
      return new Wording(
          Pattern.compile(problem, Pattern.DOTALL), Pattern.compile(context), place, message, hint);
    }
  }

  /** Whether to point at where the parser stopped, or at what it was reading. */
  private enum Place {
    PROBLEM,
    CONTEXT
  }

  private static final List<Wording> WORDINGS =
      List.of(
          Wording.of(
              "found character '\\\\t.*",
              "",
              Place.PROBLEM,
              "a tab cannot indent a line or start a value",
              "indent with spaces"),
          Wording.of(
              "found character '(.)' that cannot start any token.*",
              "",
              Place.PROBLEM,
              "a value cannot start with \"$1\"",
              "put the whole value in quotes"),
          Wording.of(
              "mapping values are not allowed here",
              "",
              Place.PROBLEM,
              "a \":\" cannot stand here",
              "is the line indented like its neighbours? a text that holds \": \" needs quotes"),
          Wording.of(
              "sequence entries are not allowed here",
              "",
              Place.PROBLEM,
              "a list item cannot stand here",
              "start the list on a line of its own"),
          Wording.of(
              "mapping keys are not allowed here",
              "",
              Place.PROBLEM,
              "a key cannot stand here",
              "a text that starts with \"? \" needs quotes"),
          Wording.of(
              "(?:could not find expected ':'|A simple key is required).*",
              "",
              Place.CONTEXT,
              "a key without a \":\" after it",
              "write \"key: value\"; a value that goes on in the next line is indented deeper"),
          Wording.of(
              "found unexpected document separator",
              "",
              Place.CONTEXT,
              "the quotes opened here are not closed before the next document",
              "close them"),
          Wording.of(
              "found unknown escape character (\\P{Cntrl}).*",
              "",
              Place.PROBLEM,
              "\"\\$1\" is not an escape sequence",
              "in double quotes a backslash is \"\\\\\"; in single quotes it needs no escape"),
          Wording.of(
              "found (unexpected end of stream|unknown escape character).*",
              "while scanning a (double-|single-)?quoted scalar",
              Place.CONTEXT,
              "the quotes opened here are never closed",
              "close them; inside single quotes, write '' for '"),
          Wording.of(
              "expected escape sequence of ([0-9]+) hexadecimal numbers.*",
              "",
              Place.PROBLEM,
              "this escape sequence needs $1 hexadecimal digits",
              "such as \\x41 or \\u00e9; in single quotes a backslash is just a backslash"),
          Wording.of(
              "found incompatible YAML document.*",
              "",
              Place.PROBLEM,
              "this asks for a version of YAML that does not exist",
              "remove the line"),
          Wording.of(
              ".*",
              "while scanning a (YAML )?directive",
              Place.CONTEXT,
              "a line that starts with \"%\" is an instruction to YAML, and this is none",
              "remove the line; a text that starts with \"%\" needs quotes"),
          Wording.of(
              ".*",
              "while scanning a tag",
              Place.CONTEXT,
              "a value that starts with \"!\" is taken for a tag",
              "put the whole value in quotes"),
          Wording.of(
              "expected ',' or '\\]', but got.*",
              "",
              Place.CONTEXT,
              "the list opened here with \"[\" goes wrong or is never closed",
              "separate its items with \",\" and close it with \"]\""),
          Wording.of(
              "expected ',' or '\\}', but got.*",
              "",
              Place.CONTEXT,
              "the map opened here with \"{\" goes wrong or is never closed",
              "separate its entries with \",\" and close it with \"}\""),
          Wording.of(
              "expected <block end>, but found '-'",
              "",
              Place.PROBLEM,
              "this list item is not indented like the ones before it",
              "items of one list start in one column"),
          Wording.of(
              "expected <block end>, but found '(,|\\]|\\})'",
              "",
              Place.PROBLEM,
              "a \"$1\" cannot stand here",
              "was a list or map closed too early, or never opened?"),
          Wording.of(
              "expected <block end>, but found '<scalar>'",
              "",
              Place.PROBLEM,
              "this text follows a value that has ended",
              "a text that starts with a quote must end with it"),
          Wording.of(
              "expected <block end>, but found.*",
              "",
              Place.PROBLEM,
              "this line is not indented like the ones it belongs to",
              "keys of one map start in one column"),
          Wording.of(
              "expected '<document start>', but found.*",
              "",
              Place.PROBLEM,
              "this does not belong to what comes before it",
              "is the line indented like its neighbours?"),
          Wording.of(
              "expected the node content, but found '(.*)'",
              "",
              Place.PROBLEM,
              "a \"$1\" where a value should be",
              "write a value, or quote it"),
          Wording.of(
              "found undefined tag handle.*",
              "",
              Place.PROBLEM,
              "a value cannot start with \"!\"",
              "put the whole value in quotes"),
          Wording.of(
              "(expected alphabetic or numeric character|unexpected character found).*",
              "while scanning an (alias|anchor)",
              Place.CONTEXT,
              "a value that starts with \"*\" or \"&\" is taken for an alias or an anchor",
              "put the whole value in quotes"),
          Wording.of(
              "(expected (chomping or )?indentation|expected a comment or a line break).*",
              "while scanning a block scalar",
              Place.PROBLEM,
              "after \"|\" or \">\" the text starts on the next line",
              "move the text to the next line, indented deeper, or quote it"));

  private SyntaxError() {}

  /**
   * The mistake behind a failure of the parser.
   *
   * @param near how far the parser had come, for failures that do not say where they are
   */
  static Diagnostic explain(RuntimeException error, Mark near, SourceText source) {
    if (!(error instanceof MarkedYAMLException marked)) {
      return Diagnostic.of(
              DiagnosticId.SYNTAX, locate(near, source), "what comes next cannot be read as YAML")
          .hint("is it indented like its neighbours, and are its quotes and brackets closed?");
    }
    String problem = Optional.ofNullable(marked.getProblem()).orElse("");
    String context = Optional.ofNullable(marked.getContext()).orElse("");
    for (Wording wording : WORDINGS) {
      Matcher matcher = wording.problem().matcher(problem);
      if (matcher.matches() && wording.context().matcher(context).find()) {
        return worded(wording, matcher, marked, source);
      }
    }
    return Diagnostic.of(
        DiagnosticId.SYNTAX,
        locate(marked.getProblemMark(), source),
        "this is not YAML: " + (context.isEmpty() ? "" : context + ", ") + oneLine(problem));
  }

  private static Diagnostic worded(
      Wording wording, Matcher matcher, MarkedYAMLException error, SourceText source) {
    boolean atContext = wording.place() == Place.CONTEXT && error.getContextMark() != null;
    Mark mark = atContext ? error.getContextMark() : error.getProblemMark();
    String message =
        matcher.groupCount() == 0
            ? wording.message()
            : wording.message().replace("$1", Optional.ofNullable(matcher.group(1)).orElse(""));
    return Diagnostic.of(DiagnosticId.SYNTAX, locate(mark, source), message).hint(wording.hint());
  }

  private static String oneLine(String problem) {
    return problem.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  private static Location locate(Mark mark, SourceText source) {
    return source.locate(mark.getIndex(), mark.getIndex() + 1);
  }
}
