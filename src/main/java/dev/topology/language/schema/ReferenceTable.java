package dev.topology.language.schema;

import dev.topology.language.document.DocumentKey;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables of the keys of document records, in Markdown. */
final class ReferenceTable {

  private ReferenceTable() {}

  /** One row for each key, in the order of the language. */
  static String of(Class<?> document) {
    return Stream.concat(
            Stream.of(
                "| key | takes | default | meaning | example |", "| --- | --- | --- | --- | --- |"),
            DocumentKey.of(document).stream().map(ReferenceTable::row))
        .collect(Collectors.joining("\n"));
  }

  private static String row(DocumentKey key) {
    return Stream.of(
            code(key.name()),
            ValueWords.of(key.component().getAnnotatedType()),
            byDefault(key),
            key.about().value(),
            code(key.name() + ": " + key.about().example()))
        .map(it -> it.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  /** What holds where a key is left out. */
  static String byDefault(DocumentKey key) {
    if (key.about().required()) {
      return "required";
    }
    return key.about().byDefault().isEmpty()
        ? key.about().without()
        : code(key.about().byDefault());
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
