package dev.topology.language.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.CableDocument.StarDocument;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.NodeDocument.MapKey;
import dev.topology.language.document.TestDocument.StepDocument;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A component has the type that its texts are parsed into: the compiler cannot hold that. */
class DocumentTypeTest {

  static Stream<DocumentKey> keys() {
    return Stream.<Class<? extends Record>>of(
            TopologyDocument.class,
            NodeDocument.class,
            ReadyDocument.class,
            HostNetworkDocument.Settings.class,
            DiskDocument.class,
            CloudInitDocument.class,
            SharedDirectoryDocument.class,
            SwitchDocument.class,
            CableDocument.class,
            EndDocument.class,
            StarDocument.class,
            TestDocument.class,
            StepDocument.class)
        .flatMap(it -> DocumentType.of(it).keys().stream());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void valuesHaveTheTypeOfTheComponent(DocumentKey key) {
    Type[] inside = inside(key.component().getGenericType());

    assertThat(raw(inside[inside.length - 1]))
        .satisfies(it -> assertThat(it == key.about().type().type() || isNoText(it)).isTrue());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void keysOfMapsHaveTheirType(DocumentKey key) {
    if (key.component().getType() == Map.class) {
      Type first = inside(key.component().getGenericType())[0];
      Type value = raw(first) == MapKey.class ? inside(first)[0] : first;

      assertThat(raw(value)).isEqualTo(key.about().keys().type());
    }
  }

  private static boolean isNoText(Class<?> type) {
    return type.isEnum()
        || List.of(
                Integer.class,
                Boolean.class,
                CommandDocument.class,
                HostNetworkDocument.class,
                DiskDocument.class,
                CloudInitDocument.class,
                SharedDirectoryDocument.class,
                NodeDocument.class,
                ReadyDocument.class,
                SwitchDocument.class,
                CableDocument.class,
                EndDocument.class,
                StarDocument.class,
                PlacementDocument.class,
                TestDocument.class,
                StepDocument.class)
            .contains(type);
  }

  /** The arguments of a generic type; of another, itself. */
  private static Type[] inside(Type type) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()
        : new Type[] {type};
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }
}
