package dev.topology.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.cli.report.ValidationText.CheckedFile;
import dev.topology.source.Diagnostic;
import dev.topology.source.Diagnostic.Related;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Explanation;
import dev.topology.source.Location;
import dev.topology.source.Location.Position;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * What was found in files, as a log of the Static Analysis Results Interchange Format (OASIS SARIF
 * 2.1.0), which code scanners collect. Numbers in brackets below are sections of that standard.
 *
 * @param version of this program
 */
public record Sarif(List<CheckedFile> files, String version) {

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  public Sarif {
    files = List.copyOf(files);
  }

  /** The whole log, of one run [3.13, 3.14]. */
  public ObjectNode log() {
    List<Diagnostic> all = files.stream().flatMap(it -> it.diagnostics().stream()).toList();
    List<DiagnosticId> rules = all.stream().map(Diagnostic::id).distinct().sorted().toList();
    ObjectNode run = JSON.objectNode();
    run.putObject("tool").set("driver", driver(rules));
    run.putArray("invocations").addObject().put("executionSuccessful", true);
    // As our positions count [3.14.17]; the default of the standard leaves it open.
    run.put("columnKind", "unicodeCodePoints");
    ArrayNode artifacts = run.putArray("artifacts");
    files.forEach(it -> artifacts.addObject().set("location", artifact(it.name())));
    ArrayNode results = run.putArray("results");
    all.forEach(it -> results.add(result(it, rules.indexOf(it.id()))));
    ObjectNode log = JSON.objectNode();
    log.put("$schema", SCHEMA).put("version", "2.1.0");
    log.putArray("runs").add(run);
    return log;
  }

  private ObjectNode driver(List<DiagnosticId> rules) {
    ObjectNode driver = JSON.objectNode();
    driver.put("name", "topology").put("version", version);
    ArrayNode array = driver.putArray("rules");
    rules.forEach(it -> array.add(rule(it)));
    return driver;
  }

  /** A kind of finding [3.49], with the page that {@code topology explain} shows. */
  private static ObjectNode rule(DiagnosticId id) {
    Explanation page = Explanation.of(id);
    ObjectNode rule = JSON.objectNode();
    rule.put("id", id.toString());
    rule.set("shortDescription", message(id.summary()));
    rule.set("fullDescription", message(page.meaning().replace('\n', ' ').strip()));
    rule.set("help", message(page.markdown()).put("markdown", page.markdown()));
    rule.putObject("defaultConfiguration").put("level", id.severity().toString());
    return rule;
  }

  private static ObjectNode result(Diagnostic diagnostic, int rule) {
    ObjectNode result = JSON.objectNode();
    result.put("ruleId", diagnostic.id().toString());
    result.put("ruleIndex", rule);
    result.put("level", diagnostic.severity().toString());
    String hint = diagnostic.hint().map(it -> ": " + it).orElse("");
    result.set("message", message(diagnostic.message() + hint));
    result.putArray("locations").add(location(diagnostic.location()));
    ArrayNode related = result.putArray("relatedLocations");
    diagnostic.related().forEach(it -> related.add(related(it, related.size() + 1)));
    return result;
  }

  private static ObjectNode related(Related related, int id) {
    ObjectNode location = location(related.location()).put("id", id);
    location.set("message", message(related.label().replaceAll(":$", "")));
    return location;
  }

  private static ObjectNode location(Location location) {
    ObjectNode json = JSON.objectNode();
    ObjectNode physical = json.putObject("physicalLocation");
    physical.set("artifactLocation", artifact(location.file()));
    if (!location.source().isEmpty()) {
      physical.set("region", region(location.start(), location.end()));
    }
    return json;
  }

  /** The end column is that after the last character, here as there [3.30.8]. */
  private static ObjectNode region(Position start, Position end) {
    return JSON.objectNode()
        .put("startLine", start.line())
        .put("startColumn", start.column())
        .put("endLine", end.line())
        .put("endColumn", end.column());
  }

  private static ObjectNode artifact(String file) {
    return JSON.objectNode().put("uri", uri(Path.of(file).normalize()));
  }

  /** Relative to the current directory where the user's words are [3.4.3]. */
  private static String uri(Path path) {
    if (path.isAbsolute()) {
      return path.toUri().toString();
    }
    // A colon in the first segment would make a scheme of it (RFC 3986, 4.2).
    String text = path.getName(0).toString().contains(":") ? "./" + path : path.toString();
    try {
      return new URI(null, null, text, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the constructor escapes whatever needs it", e);
    }
  }

  private static ObjectNode message(String text) {
    return JSON.objectNode().put("text", text);
  }
}
