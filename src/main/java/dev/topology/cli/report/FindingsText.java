package dev.topology.cli.report;

import dev.topology.cli.terminal.Palette;
import dev.topology.host.Checkup.Result;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the doctor found, for people to read: a line for each, the remedies below them. */
public record FindingsText(List<Result> findings, Palette palette) {

  private static final int LEVEL_WIDTH = 4;
  private static final Pattern WRAP = Pattern.compile("(.{1,80})(?: |$)");

  public FindingsText {
    findings = List.copyOf(findings);
  }

  @Override
  public String toString() {
    int subject = findings.stream().mapToInt(it -> it.subject().length()).max().orElse(0);
    return findings.stream().map(it -> text(it, subject)).collect(Collectors.joining());
  }

  private String text(Result finding, int subjectWidth) {
    String level = finding.level().name().toLowerCase(Locale.ROOT);
    String subject = padded(finding.subject(), subjectWidth);
    String margin = " ".repeat(LEVEL_WIDTH + subjectWidth + 4);
    String remedy =
        finding.remedy().stream()
            .flatMap(String::lines)
            .flatMap(FindingsText::wrapped)
            .map(line -> margin + line + "\n")
            .collect(Collectors.joining());
    return color(finding, padded(level, LEVEL_WIDTH))
        + "  "
        + subject
        + "  "
        + finding.text()
        + "\n"
        + remedy;
  }

  private String color(Result finding, String level) {
    return switch (finding.level()) {
      case OK -> palette.success(level);
      case WARN -> palette.warning(level);
      case FAIL -> palette.error(level);
    };
  }

  /** Prose is broken into lines; a line that is indented is a list or a command. */
  private static Stream<String> wrapped(String line) {
    return line.startsWith(" ")
        ? Stream.of(line)
        : Stream.of(WRAP.matcher(line).replaceAll("$1\n").split("\n"));
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
