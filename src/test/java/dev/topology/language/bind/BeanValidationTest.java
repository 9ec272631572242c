package dev.topology.language.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.CableDocument.StarDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.ReadyDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link BeanValidation#isPlainlyGood} and the validator agree. */
class BeanValidationTest {

  /** A record with one value, or with none. */
  record Case(DocumentType<?> type, List<@Nullable Object> values) {}

  static Stream<Case> cases() {
    return Stream.<Class<? extends Record>>of(
            NodeDocument.class,
            ReadyDocument.class,
            CableDocument.class,
            EndDocument.class,
            StarDocument.class)
        .map(DocumentType::of)
        .flatMap(BeanValidationTest::cases);
  }

  private static Stream<Case> cases(DocumentType<?> type) {
    return IntStream.range(0, type.keys().size())
        .boxed()
        .flatMap(
            index ->
                values(type.keys().get(index).component().getType())
                    .map(value -> new Case(type, one(type, index, value))));
  }

  private static Stream<? extends @Nullable Object> values(Class<?> type) {
    if (type == Integer.class) {
      return Stream.of(null, -1, 0, 1, 2, 288, 289, 10_000, 10_001, 65_535, 65_536);
    }
    EndDocument end = EndDocument.at("a");
    return type == List.class
        ? IntStream.range(0, 4).mapToObj(it -> Collections.nCopies(it, end))
        : Stream.of((Object) null);
  }

  private static List<@Nullable Object> one(
      DocumentType<?> type, int index, @Nullable Object value) {
    List<@Nullable Object> values = new ArrayList<>(Collections.nCopies(type.keys().size(), null));
    values.set(index, value);
    return values;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void validatorAgrees(Case it) {
    boolean isGood = BeanValidation.isPlainlyGood(it.type(), it.values());

    assertThat(BeanValidation.violations(it.type().create(it.values())).isEmpty())
        .isEqualTo(isGood);
  }
}
