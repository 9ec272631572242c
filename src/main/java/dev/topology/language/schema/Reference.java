package dev.topology.language.schema;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.CableDocument.StarDocument;
import dev.topology.language.document.CloudInitDocument;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.PlacementDocument;
import dev.topology.language.document.ReadyDocument;
import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.document.TestDocument;
import dev.topology.language.document.TestDocument.StepDocument;
import dev.topology.language.document.TopologyDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reference of the language, for readers: a text of ours, in which the tables of the keys are
 * put where it says {@code <!-- keys of a node -->}.
 */
public final class Reference {

  private static final String TEXT = "reference.md";

  private Reference() {}

  /** The whole reference in Markdown. The same every time. */
  public static String text() {
    String text = template();
    for (Map.Entry<String, Class<? extends Record>> it : documents().entrySet()) {
      String place = "<!-- keys of " + it.getKey() + " -->";
      if (!text.contains(place)) {
        throw new IllegalStateException(TEXT + " has no place for the keys of " + it.getKey());
      }
      text = text.replace(place, table(it.getValue()));
    }
    return text;
  }

  private static Map<String, Class<? extends Record>> documents() {
    Map<String, Class<? extends Record>> documents = new LinkedHashMap<>();
    documents.put("a topology", TopologyDocument.class);
    documents.put("a node", NodeDocument.class);
    documents.put("host_network", HostNetworkDocument.Settings.class);
    documents.put("a share", SharedDirectoryDocument.class);
    documents.put("ready", ReadyDocument.class);
    documents.put("a disk", DiskDocument.class);
    documents.put("cloud_init", CloudInitDocument.class);
    documents.put("a switch", SwitchDocument.class);
    documents.put("a cable", CableDocument.class);
    documents.put("a star", StarDocument.class);
    documents.put("an end", EndDocument.class);
    documents.put("placement", PlacementDocument.class);
    documents.put("a test", TestDocument.class);
    documents.put("a step", StepDocument.class);
    return documents;
  }

  private static String template() {
    try (InputStream in = Reference.class.getResourceAsStream(TEXT)) {
      if (in == null) {
        throw new IllegalStateException(TEXT + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One row for each key, in the order of the language. */
  private static String table(Class<? extends Record> document) {
    return Stream.concat(
            Stream.of(
                "| key | takes | default | meaning | example |", "| --- | --- | --- | --- | --- |"),
            DocumentType.of(document).keys().stream().map(Reference::row))
        .collect(Collectors.joining("\n"));
  }

  private static String row(DocumentKey key) {
    return Stream.of(
            code(key.name()),
            ValueWords.of(key),
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
