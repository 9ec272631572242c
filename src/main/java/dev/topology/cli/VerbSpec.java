package dev.topology.cli;

import dev.topology.cli.terminal.Palette.ColorChoice;
import dev.topology.language.value.Parsed;
import dev.topology.language.value.ValueType;
import dev.topology.model.Architecture;
import dev.topology.model.Memory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Describes verbs to picocli, all in the same manner. A value is a text, a number, a path, a time
 * limit, or a word of a fixed set: a constant of an enumeration in lower case.
 *
 * <p>In code rather than by annotations: reading those would take longer than printing a plan.
 */
final class VerbSpec {

  /** Every verb has it. */
  static final String COLOR = "--color";

  private static final int HELP_WIDTH = 88;

  private final CommandSpec spec;
  private final List<String> arguments = new ArrayList<>();

  private VerbSpec(Verb verb, String summary) {
    spec = CommandSpec.wrapWithoutInspection(verb);
    spec.usageMessage()
        .description(summary)
        .sortOptions(false)
        .width(HELP_WIDTH)
        .parameterListHeading("%n")
        .optionListHeading("%nOptions%n")
        .commandListHeading("%nCommands%n")
        .exitCodeListHeading("%nExit status%n")
        .synopsisHeading("usage: ");
  }

  /**
   * Begins the description of a verb.
   *
   * @param summary one sentence
   */
  static VerbSpec of(Verb verb, String summary) {
    return new VerbSpec(verb, summary);
  }

  /** Takes the topology file, which must be given. */
  VerbSpec file() {
    return positional("FILE", "1", Path.class, "The topology file; - is standard input.");
  }

  /** Takes a running topology as an option, for a verb with other arguments. */
  VerbSpec instance() {
    return option(
        InstanceChoice.OPTION + " -i",
        "TOPOLOGY",
        String.class,
        "Which topology, by its name or its file. Not needed where only one runs.");
  }

  /** Takes a running topology as its argument. */
  VerbSpec instanceArgument() {
    return positional(
        "TOPOLOGY",
        "0..1",
        String.class,
        "By its name or its file. Not needed where only one runs.");
  }

  /** Takes the format of a listing. */
  VerbSpec format() {
    return option(Invocation.FORMAT, "FORMAT", Invocation.ListFormat.class, "text or json.");
  }

  /** Takes the architecture of guests. */
  VerbSpec architecture() {
    return option(
        Invocation.ARCH,
        "ARCH",
        Architecture.class,
        "amd64 or arm64; the host's own unless given.");
  }

  /**
   * Takes an argument by its place.
   *
   * @param arity as picocli has it: {@code 1}, {@code 0..1}, {@code 1..*}
   */
  VerbSpec positional(String label, String arity, Class<?> type, String description) {
    return positional(label, arity, type, words(type), description);
  }

  /**
   * Takes a word by its place that should be one of some, which the verb has to look after.
   *
   * @param words what a shell offers
   */
  VerbSpec word(String label, String arity, List<String> words, String description) {
    return positional(label, arity, String.class, words, description);
  }

  private VerbSpec positional(
      String label, String arity, Class<?> type, List<String> words, String description) {
    boolean many = arity.endsWith("*");
    String index = String.valueOf(arguments.size()) + (many ? "..*" : "");
    boolean required = !arity.startsWith("0");
    PositionalParamSpec.Builder positional =
        PositionalParamSpec.builder()
            .index(index)
            .arity(arity)
            .required(required)
            .paramLabel(label)
            .hideParamSyntax(true)
            .type(many ? List.class : type)
            .auxiliaryTypes(type)
            .description(description);
    converter(type).ifPresent(positional::converters);
    // Without a word about candidates, shells complete the names of files for a path.
    spec.addPositional(
        words.isEmpty() ? positional.build() : positional.completionCandidates(words).build());
    arguments.add((required ? label : "[" + label + "]") + (many ? "…" : ""));
    return this;
  }

  /** Takes an option with a value. */
  VerbSpec option(String names, String label, Class<?> type, String... description) {
    OptionSpec.Builder option = option(names, description).paramLabel(label).type(type).arity("1");
    converter(type).ifPresent(option::converters);
    spec.addOption(
        type.isEnum() ? option.completionCandidates(words(type)).build() : option.build());
    return this;
  }

  /** Takes an option with a value that may be given more than once. */
  VerbSpec options(String names, String label, String... description) {
    spec.addOption(
        option(names, description)
            .paramLabel(label)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .splitRegex(",")
            .hideParamSyntax(true)
            .arity("1")
            .build());
    return this;
  }

  /** Takes an option without a value. */
  VerbSpec flag(String names, String... description) {
    spec.addOption(option(names, description).arity("0").type(boolean.class).build());
    return this;
  }

  /** Takes an option without a value that only this program uses; help does not show it. */
  VerbSpec hiddenFlag(String name) {
    spec.addOption(option(name).arity("0").type(boolean.class).hidden(true).build());
    return this;
  }

  private static OptionSpec.Builder option(String names, String... description) {
    return OptionSpec.builder(names.split(" ")).description(description);
  }

  /** Says more below the options. */
  VerbSpec footer(String... lines) {
    spec.usageMessage().footer(lines);
    return this;
  }

  /** The finished description, with the options that all verbs have. */
  CommandSpec exits(ExitCode... codes) {
    option(
        COLOR,
        "WHEN",
        ColorChoice.class,
        "auto, always or never. auto looks at NO_COLOR and at whether this is a terminal.");
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    String all = arguments.isEmpty() ? "" : " " + String.join(" ", arguments);
    spec.usageMessage()
        .customSynopsis("${COMMAND-FULL-NAME} [OPTION…]" + all)
        .exitCodeList(ExitCode.described(codes));
    return spec;
  }

  /** Reads a word, a path or a time; texts and numbers are left to picocli. */
  private static Optional<ITypeConverter<?>> converter(Class<?> type) {
    if (type.isEnum()) {
      return Optional.of(word -> constant(word, type));
    }
    if (type == Duration.class) {
      return Optional.of(VerbSpec::timeLimit);
    }
    if (type == Memory.class) {
      return Optional.of(VerbSpec::size);
    }
    return type == Path.class ? Optional.of(Path::of) : Optional.empty();
  }

  /** An amount of memory as it is written in a file. */
  private static Object size(String text) {
    Parsed<?> size = ValueType.MEMORY.parse(text);
    if (size instanceof Parsed.Wrong<?> wrong) {
      throw new TypeConversionException(
          wrong.message() + ": " + wrong.hint().orElse("write it like 64GiB"));
    }
    return ((Parsed.Value<?>) size).it();
  }

  /** The words there are; none if the type is no enumeration. */
  static List<String> words(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .toList()
        : List.of();
  }

  /** The constant that a word stands for. */
  private static Object constant(String word, Class<?> type) {
    List<String> words = words(type);
    int index = words.indexOf(word);
    if (index < 0) {
      throw new TypeConversionException(
          "\""
              + word
              + "\" is none of "
              + String.join(", ", words)
              + UsageErrors.meant(word, words));
    }
    return type.getEnumConstants()[index];
  }

  /** In a class of its own, so that a command without a time does not load it. */
  private static final class Times {

    private static final Pattern FORM =
        Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|min|h|)");

    private static final Map<String, Duration> UNITS =
        Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));
  }

  /** A time limit as users write it: {@code 90s}, {@code 1.5m}, {@code 2h}, or seconds alone. */
  static Duration timeLimit(String text) {
    Matcher matcher = Times.FORM.matcher(text.strip());
    if (matcher.matches()) {
      Duration limit = times(matcher.group(1), Times.UNITS.get(matcher.group(2)));
      if (!limit.isZero()) {
        return limit;
      }
    }
    throw new TypeConversionException(
        "\"" + text + "\" is not a time: write it like 90s, 5m or 1h");
  }

  private static Duration times(String number, @Nullable Duration unit) {
    long millis = unit == null ? 0 : unit.toMillis();
    return Duration.ofMillis(
        new BigDecimal(number).multiply(BigDecimal.valueOf(millis)).longValue());
  }
}
