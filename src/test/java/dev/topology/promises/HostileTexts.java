package dev.topology.promises;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts made of what shells, QEMU, XML, YAML and others read as more than text. */
final class HostileTexts {

  private static final List<String> PIECES =
      List.of(
          "'",
          "\"",
          "\\",
          "`",
          "$(reboot)",
          "${HOME}",
          "$HOME",
          "$$",
          ";",
          "&",
          "|",
          ">",
          "<",
          "(",
          ")",
          "{",
          "}",
          "*",
          "?",
          "[",
          "]",
          "~",
          "#",
          "!",
          "%",
          "%s",
          "%n",
          "\\n",
          "\\0",
          ",",
          ",,",
          "=",
          ":",
          "/",
          "..",
          "-n",
          "-e",
          "--",
          "on",
          "id=x",
          "END",
          "go",
          "command ",
          "exit 0",
          " ",
          "  ",
          "\t",
          "\n",
          "\n\n",
          "\r",
          "\u001b[2J",
          "\u0007",
          "\u007f",
          "\u0001",
          "é",
          "ß",
          "漢",
          "😀",
          "\u202e",
          "\u200b",
          "\u0085",
          "\u2028",
          "\ufeff",
          "a",
          "0",
          "]]>",
          "<!--",
          "&amp;");

  private static final int TEXTS = 150;

  /** The same each time. */
  static final List<String> ALL = texts(new Random(20261126));

  private HostileTexts() {}

  /** Each piece alone, at the start, at the end; then pieces put together by chance. */
  private static List<String> texts(Random random) {
    Stream<String> alone =
        PIECES.stream().flatMap(it -> Stream.of(it, it + "x", "x" + it, "x\n" + it + "\ny"));
    Stream<String> mixed =
        IntStream.range(0, TEXTS)
            .mapToObj(
                it ->
                    IntStream.rangeClosed(0, random.nextInt(12))
                        .mapToObj(at -> PIECES.get(random.nextInt(PIECES.size())))
                        .collect(Collectors.joining()));
    return Stream.concat(alone, mixed).toList();
  }
}
