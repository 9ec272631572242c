package dev.topology.console;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlFilterTest {

  /** In both columns \e, \r, \n, \t, \b and \xNN stand for bytes; the right one is UTF-8. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          plain text, with ~ and DEL\\x7F  | plain text, with ~ and DEL
          kept:\\t<tab>                    | kept:\\t<tab>
          one\\r\\ntwo\\n                  | one\\ntwo\\n
          one\\r\\r\\ntwo                  | one\\ntwo
          10%\\r20%\\r\\e[K\\n             | 10%\\r20%\\n
          a\\bb                            | a\\bb
          bell\\x07 nul\\x00 so\\x0E       | bell nul so
          form\\ffeed\\x0Btab              | form\\nfeed\\ntab
          \\e[1;31mred\\e[0m               | red
          \\e[?25l\\e[2J\\e[10;20Hat       | at
          \\e[38;2;1;2;3mx\\e[>c           | x
          \\e]0;title\\x07after            | after
          \\e]8;;http://x\\e\\\\link\\e]8;;\\e\\\\ | link
          \\eP1$tx\\e\\\\after             | after
          \\e_apc\\e\\\\\\e^pm\\e\\\\\\eXsos\\e\\\\a | a
          \\ec\\e7\\e8\\e=x                | x
          \\e(0\\e)Bx\\e#8y                | xy
          \\e\\e[mx                        | x
          \\e[12\\x18visible               | visible
          \\e[12\\x1Avisible               | visible
          \\e]0;never ended\\npanic        | \\npanic
          \\e[12\\npanic                   | \\npanic
          \\ePsixel\\e[31mred              | red
          \\e[3\\r1mx                      | \\rx
          \\xC2\\x9B31mred                 | red
          \\xC2\\x9D0;t\\xC2\\x9Cx         | x
          \\xC2\\x85nel                    | \\nnel
          \\xC2\\x84ind                    | ind
          \\x9B31m                         | \\xEF\\xBF\\xBD31m
          gr\\xC3\\xBC\\xC3\\x9F           | gr\\xC3\\xBC\\xC3\\x9F
          \\xE2\\x94\\x82\\xF0\\x9F\\x90\\xA7 | \\xE2\\x94\\x82\\xF0\\x9F\\x90\\xA7
          cut \\xE2\\x94                   | cut \\xEF\\xBF\\xBD
          cut \\xE2\\x94\\n                | cut \\xEF\\xBF\\xBD\\n
          \\xC2\\e[m\\x9B31m               | \\xEF\\xBF\\xBD\\xEF\\xBF\\xBD31m
          \\xC0\\xAF                       | \\xEF\\xBF\\xBD\\xEF\\xBF\\xBD
          \\xED\\xA0\\x80                  | \\xEF\\xBF\\xBD\\xEF\\xBF\\xBD\\xEF\\xBF\\xBD
          \\xE2\\x80\\xAEevil              | evil
          \\xE2\\x81\\xA7evil\\xE2\\x80\\xA8 | evil
          z\\xE2\\x80\\x8Be\\xEF\\xBB\\xBFro\\xF3\\xA0\\x81\\x81 | zero
          """)
  void removesControlsHoweverTheyAreSplit(String printed, String clean) {
    for (List<byte[]> chunks : Splits.everyWay(bytes(printed))) {
      assertThat(filtered(chunks)).isEqualTo(new String(bytes(clean), UTF_8));
    }
  }

  @Test
  void decodesLikeTheJdk() {
    Random random = new Random(1);
    int compared = 0;
    while (compared < 20_000) {
      byte[] printed = new byte[1 + random.nextInt(12)];
      random.nextBytes(printed);
      String decoded = new String(printed, UTF_8);
      if (decoded.codePoints().noneMatch(ControlFilterTest::isControl)) {
        // The JDK makes one U+FFFD of an encoded surrogate, the Unicode Standard three.
        assertThat(filtered(List.of(printed)).replaceAll("\uFFFD+", "?"))
            .isEqualTo(decoded.replaceAll("\uFFFD+", "?"));
        compared++;
      }
    }
  }

  @Test
  void letsNoControlThroughAndMindsNoSplit() {
    byte[] spice = "\033[]P\\X^_m;?0\007\010\r\n\t\302\233\235\234\220 ab".getBytes(ISO_8859_1);
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      byte[] printed = new byte[100];
      for (int i = 0; i < printed.length; i++) {
        int any = random.nextInt(256);
        printed[i] = random.nextInt(4) == 0 ? (byte) any : spice[any % spice.length];
      }
      String whole = filtered(List.of(printed));
      assertThat(filtered(Splits.atRandom(printed, random, 9))).isEqualTo(whole);
      assertThat(whole.codePoints().filter(c -> "\n\r\b\t".indexOf(c) < 0))
          .noneMatch(ControlFilterTest::isControl);
    }
  }

  private static boolean isControl(int codePoint) {
    return Character.isISOControl(codePoint) || ControlFilter.isInvisible(codePoint);
  }

  private static String filtered(List<byte[]> chunks) {
    ControlFilter filter = new ControlFilter();
    CleanText clean = new CleanText(16);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] chunk : chunks) {
      clean.clear();
      filter.filter(chunk, 0, chunk.length, clean);
      out.write(clean.bytes(), 0, clean.length());
    }
    clean.clear();
    filter.end(clean);
    out.write(clean.bytes(), 0, clean.length());
    return out.toString(UTF_8);
  }

  private static byte[] bytes(String escaped) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        out.write(c);
      } else if (escaped.charAt(++i) == 'x') {
        out.write(Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.write("\033\r\n\t\b\f\\".charAt("erntbf\\".indexOf(escaped.charAt(i))));
      }
    }
    return out.toByteArray();
  }
}
