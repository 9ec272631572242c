package dev.topology.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.cli.report.ValidationText.CheckedFile;
import dev.topology.model.Cable;
import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import dev.topology.source.Diagnostic.Related;
import dev.topology.source.Location;
import dev.topology.source.Location.Position;
import java.util.List;

/**
 * What was found in files, for programs to read. The help of {@code topology validate} documents
 * it, and promises what {@link #VERSION} stands for.
 */
public record ValidationJson(List<CheckedFile> files) {

  /** To be raised when a member is removed or changes its meaning. */
  private static final int VERSION = 1;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  public ValidationJson {
    files = List.copyOf(files);
  }

  public ObjectNode all() {
    ObjectNode json = JSON.objectNode();
    json.put("version", VERSION);
    json.put("errors", count(/* errors= */ true));
    json.put("warnings", count(/* errors= */ false));
    ArrayNode array = json.putArray("files");
    files.forEach(it -> array.add(file(it)));
    return json;
  }

  private long count(boolean errors) {
    return files.stream()
        .flatMap(it -> it.diagnostics().stream())
        .filter(it -> it.isError() == errors)
        .count();
  }

  private static ObjectNode file(CheckedFile file) {
    ObjectNode json = JSON.objectNode();
    json.put("file", file.name());
    json.put("valid", file.topology().isPresent());
    file.topology().ifPresent(it -> json.set("topology", topology(it)));
    ArrayNode diagnostics = json.putArray("diagnostics");
    file.diagnostics().forEach(it -> diagnostics.add(diagnostic(it)));
    return json;
  }

  private static ObjectNode topology(Topology topology) {
    ObjectNode json =
        JSON.objectNode()
            .put("name", topology.name())
            .put("nodes", topology.nodes().size())
            .put("cables", topology.cables().size());
    ArrayNode waysOut = json.putArray("waysOut");
    for (Cable cable : topology.cables()) {
      cable
          .outside()
          .ifPresent(it -> waysOut.addObject().put("cable", cable.name()).put("to", it.words()));
    }
    return json;
  }

  private static ObjectNode diagnostic(Diagnostic diagnostic) {
    ObjectNode json = JSON.objectNode();
    json.put("id", diagnostic.id().toString());
    json.put("severity", diagnostic.severity().toString());
    json.put("message", diagnostic.message());
    diagnostic.hint().ifPresent(hint -> json.put("hint", hint));
    json.set("location", location(diagnostic.location()));
    ArrayNode related = json.putArray("related");
    diagnostic.related().forEach(it -> related.add(related(it)));
    return json;
  }

  private static ObjectNode related(Related related) {
    ObjectNode json = JSON.objectNode();
    json.put("label", related.label().replaceAll(":$", ""));
    json.set("location", location(related.location()));
    return json;
  }

  private static ObjectNode location(Location location) {
    ObjectNode json = JSON.objectNode();
    json.put("file", location.file());
    if (!location.source().isEmpty()) {
      json.set("start", position(location.start()));
      json.set("end", position(location.end()));
    }
    return json;
  }

  private static ObjectNode position(Position position) {
    return JSON.objectNode().put("line", position.line()).put("column", position.column());
  }
}
