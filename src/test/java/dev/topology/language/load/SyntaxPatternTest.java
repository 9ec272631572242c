package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.value.Parsed;
import dev.topology.language.value.ValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pattern of a form lets through every text that the loader reads well: it would otherwise have
 * editors complain of good files. Tried with the words of the corpus, and with slight changes to
 * them.
 */
class SyntaxPatternTest {

  private static final Pattern WORD = Pattern.compile("[^\\s,{}'\"]+");
  private static final String LETTERS = "aZ0129.-_/:%[]~ \t#é";
  private static final int CHANGES = 12;

  @ParameterizedTest
  @EnumSource(ValueType.class)
  void letsThroughWhatTheLoaderReads(ValueType type) throws IOException {
    Pattern pattern = Pattern.compile(type.pattern().orElse("[\\s\\S]*"));

    List<String> good =
        words().stream().filter(it -> type.parse(it) instanceof Parsed.Value).toList();

    assertThat(good).isNotEmpty().allMatch(it -> pattern.matcher(it).matches());
  }

  /**
   * The other half, where a form is nothing but its pattern. An IPv6 address and the name of a
   * container image are more than that, and judged by the loader alone.
   */
  @ParameterizedTest
  @EnumSource(
      names = {
        "TOPOLOGY_NAME",
        "NODE_NAME",
        "CABLE_NAME",
        "CHANNEL_NAME",
        "INTERFACE_NAME",
        "SHARE",
        "GUEST_PORT",
        "HOST_PORT",
        "NO_ADDRESS",
        "GUEST_PATH",
        "KERNEL_ARGUMENTS"
      })
  void stopsWhatTheLoaderDoesNotRead(ValueType type) throws IOException {
    Pattern pattern = Pattern.compile(type.pattern().orElseThrow());

    List<String> matching =
        words().stream()
            .filter(it -> !it.startsWith("["))
            .filter(it -> pattern.matcher(it).matches())
            .toList();

    assertThat(matching).isNotEmpty().allMatch(it -> type.parse(it) instanceof Parsed.Value);
  }

  private static Set<String> words() throws IOException {
    Random random = new Random(4);
    Set<String> words = new LinkedHashSet<>(List.of("", " ", ".", "..", "none", "0", "65536"));
    for (Path file : CorpusTest.everything()) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (text.length() < 10_000) {
        WORD.matcher(text).results().map(MatchResult::group).forEach(words::add);
      }
    }
    for (String word : new ArrayList<>(words)) {
      words.add(word.replaceFirst(":$", ""));
      for (int change = 0; change < CHANGES; change++) {
        words.add(changed(word, random));
      }
    }
    return words;
  }

  private static String changed(String word, Random random) {
    int at = random.nextInt(word.length() + 1);
    String letter = String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
    String rest = word.substring(random.nextBoolean() ? at : Math.min(at + 1, word.length()));
    return word.substring(0, at) + letter + rest;
  }
}
