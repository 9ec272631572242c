package dev.topology.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes new files out of good ones, each with a few changes that know a little of YAML and of the
 * language: most come out as something a user might have written on a bad day.
 */
final class Mutator {

  private static final Pattern TOKEN = Pattern.compile("[^\\s,\\[\\]{}]+");

  private static final List<String> ODD_VALUES =
      List.of(
          "",
          "~",
          "null",
          "true",
          "no",
          "0",
          "-1",
          "1",
          "012",
          "0x1F",
          "1e9",
          ".inf",
          "22:22",
          "99999999999999999999",
          "2147483648",
          "1.5",
          "''",
          "\"\"",
          "' '",
          "\"\\0\"",
          "\"\\n\"",
          "[]",
          "{}",
          "[[]]",
          "{a: }",
          "- x",
          "? x",
          "x: y: z",
          "*a",
          "&a",
          "&a x",
          "<<: *a",
          "!!int 5",
          "!!str 5",
          "!!binary aGk=",
          "!x y",
          "|",
          ">-",
          "|+2",
          "%x",
          "@x",
          "`x",
          "${HOME}",
          "${",
          "${UNSET}",
          "${EMPTY}",
          "$$",
          "${A:-${B}}",
          "256MiB",
          "1TiB",
          "0MiB",
          "60s",
          "0s",
          "999h",
          "0.5%",
          "100%",
          "10Mbit",
          "10.0.0.1/24",
          "10.64.0.1/10",
          "::1/128",
          "fd00::/8",
          "0.0.0.0:80",
          "auto",
          "same",
          "none",
          "default",
          "localhost",
          "a,b=c",
          "eth0",
          "lo",
          "-",
          "--",
          "---",
          "...",
          "a.b",
          "left:eth1",
          "left:",
          ":eth1",
          "/",
          "..",
          "~/x",
          "/dev/null",
          "é",
          "𝄞",
          "\u202E",
          "\uFEFF",
          "\u0085",
          "\u2028",
          "\u00A0",
          "\t",
          "\r",
          "\u0000",
          "\uD800",
          "x".repeat(70),
          "(",
          "a{99999}{99999}",
          "(a*)*b");

  private static final String PUNCTUATION = "{}[],&*!|>'\"%@`#:-?<~$\\ \n\t\r";

  private final Random random;
  private final List<String> texts;
  private final List<String> tokens = new ArrayList<>();

  Mutator(List<String> texts, long seed) {
    this.texts = List.copyOf(texts);
    this.random = new Random(seed);
    texts.forEach(text -> tokens(text).forEach(it -> tokens.add(it.group())));
  }

  /** The next file. */
  String next() {
    String text = pick(texts);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      text = change(text);
    }
    return text;
  }

  private String change(String text) {
    return switch (random.nextInt(14)) {
      case 0, 1 -> inPlaceOfToken(text, pick(ODD_VALUES));
      case 2, 3 -> inPlaceOfToken(text, pick(tokens));
      case 4 -> insert(text, pick(ODD_VALUES));
      case 5 -> insert(text, String.valueOf(PUNCTUATION.charAt(below(PUNCTUATION.length()))));
      case 6 -> without(text, 1 + below(3));
      case 7 -> withLines(text);
      case 8 -> indented(text);
      case 9 -> around(text);
      case 10 -> tagged(text);
      case 11 -> spliced(text, pick(texts));
      case 12 -> inPlaceOfToken(text, nested());
      default -> swapped(text);
    };
  }

  private String inPlaceOfToken(String text, String other) {
    List<MatchResult> found = tokens(text);
    if (found.isEmpty()) {
      return other;
    }
    MatchResult token = pick(found);
    boolean keepsColon = token.group().endsWith(":") && random.nextInt(4) > 0;
    int end = keepsColon ? token.end() - 1 : token.end();
    return text.substring(0, token.start()) + other + text.substring(end);
  }

  private String insert(String text, String what) {
    int at = below(text.length() + 1);
    return text.substring(0, at) + what + text.substring(at);
  }

  private String without(String text, int length) {
    int at = below(text.length() + 1);
    return text.substring(0, at) + text.substring(Math.min(text.length(), at + length));
  }

  /** With a line left out, twice, or elsewhere. */
  private String withLines(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.isEmpty()) {
      return text;
    }
    int at = below(lines.size());
    String line = random.nextBoolean() ? lines.remove(at) : lines.get(at);
    if (random.nextInt(3) > 0) {
      lines.add(below(lines.size() + 1), line);
    }
    return String.join("\n", lines) + "\n";
  }

  private String indented(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.isEmpty()) {
      return text;
    }
    int at = below(lines.size());
    String line = lines.get(at);
    int more = below(4);
    lines.set(
        at,
        more == 0
            ? "\t" + line
            : random.nextBoolean()
                ? " ".repeat(more) + line
                : line.replaceFirst("^ {0," + more + "}", ""));
    return String.join(random.nextInt(8) == 0 ? "\r\n" : "\n", lines) + "\n";
  }

  private String around(String text) {
    List<MatchResult> found = tokens(text);
    if (found.isEmpty()) {
      return text;
    }
    MatchResult token = pick(found);
    String[] pair = pick(List.of("[ ]", "{ }", "' '", "\" \"", "{x:  }", "[[ ]]")).split(" ", 2);
    return text.substring(0, token.start())
        + pair[0]
        + token.group()
        + pair[1]
        + text.substring(token.end());
  }

  private String tagged(String text) {
    List<MatchResult> found = tokens(text);
    if (found.size() < 2) {
      return text;
    }
    int first = below(found.size() - 1);
    MatchResult anchored = found.get(first);
    MatchResult aliased = found.get(first + 1 + below(found.size() - first - 1));
    String before = pick(List.of("&a ", "!!str ", "!!map ", "! ", "!x "));
    return text.substring(0, anchored.start())
        + before
        + text.substring(anchored.start(), aliased.start())
        + (before.startsWith("&") ? "*a" : before + aliased.group())
        + text.substring(aliased.end());
  }

  private String spliced(String head, String tail) {
    return head.substring(0, below(head.length() + 1)) + tail.substring(below(tail.length() + 1));
  }

  private String nested() {
    int depth = 1 << below(13);
    return random.nextBoolean()
        ? "[".repeat(depth) + "]".repeat(random.nextInt(4) > 0 ? depth : 0)
        : "{a: ".repeat(depth) + "b" + "}".repeat(depth);
  }

  private String swapped(String text) {
    List<MatchResult> found = tokens(text);
    if (found.size() < 2) {
      return text;
    }
    int first = below(found.size() - 1);
    MatchResult one = found.get(first);
    MatchResult other = found.get(first + 1);
    return text.substring(0, one.start())
        + other.group()
        + text.substring(one.end(), other.start())
        + one.group()
        + text.substring(other.end());
  }

  private static List<MatchResult> tokens(String text) {
    Stream<MatchResult> results = TOKEN.matcher(text).results();
    return results.toList();
  }

  private int below(int bound) {
    return random.nextInt(bound);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
