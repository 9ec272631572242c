package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.topology.Golden;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateVerbTest {

  private static final String GOOD = "nodes: {left: {}, right: {}}\ncables: [[left, right]]\n";

  /** An error, one with another place, one over several lines, and a warning. */
  private static final String BAD =
      """
      groups: {unused: {cpus: 2}}
      nodes:
        a: {memroy: 1GiB, ports: {80: 8080}}
        b: {cpus: 0, ports: {80: 8080}}
        c:
          memory:
            100%: [é, "𝄞"]
      """;

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void countsWhatAValidFileHolds() throws IOException {
    String file = place.file("pair.yaml", GOOD);

    ProgramRun run = place.run("validate", file);

    assertThat(run)
        .isEqualTo(new ProgramRun(ExitCode.DONE, file + ": 2 nodes, 1 cable, no errors\n", ""));
  }

  @Test
  void reportsEveryMistakeOnStandardOutput() throws IOException {
    String file = place.file("lab.yaml", "nodes:\n  a: {memroy: 1GiB}\n  b: {cpus: 0}\n");

    ProgramRun run = place.run("validate", file);

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.out())
        .contains("lab.yaml:2:7: error[unknown-key]", "did you mean \"memory\"?")
        .endsWith(
            "\n2 errors. `topology explain unknown-key out-of-range` tells more about each.\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void saysThatAFileIsMissingOrADirectory() {
    assertThat(place.run("validate", "nope.yaml").code()).isEqualTo(ExitCode.WRONG_USAGE);

    ProgramRun run = place.run("validate", directory.toString());

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.out()).contains("this is a directory");
  }

  @Test
  void looksAtSeveralFilesInOneReport() throws IOException {
    ProgramRun run = place.run(several("validate"));

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    Golden.assertMatches("cli/validate-several.txt", place.anonymous(run.out()));
  }

  @Test
  void readsStandardInput() {
    ProgramRun run = withInput("nodes: {a: {memroy: 1GiB}}", "validate", "-");

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.out()).startsWith("<stdin>:1:13: error[unknown-key]");
    assertThat(withInput(GOOD, "validate", "-").out())
        .isEqualTo("<stdin>: 2 nodes, 1 cable, no errors\n");
  }

  @Test
  void looksForFilesThatStandardInputNamesInTheCurrentDirectory() throws IOException {
    String yaml = "nodes: {a: {files: {/etc/motd: motd.txt}}}\n";

    assertThat(withInput(yaml, "validate", "-").out())
        .contains("error[host-file]: " + directory.resolve("motd.txt") + " does not exist");

    place.file("motd.txt", "hello");
    assertThat(withInput(yaml, "validate", "-").code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void acceptsWarningsUnlessToldNotTo() throws IOException {
    String file = place.file("lab.yaml", "groups: {g: {}}\nnodes: {a: {}}\n");

    ProgramRun run = place.run("validate", file);
    ProgramRun strict = place.run("validate", "--strict", file);

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.out())
        .contains("warning[unused-group]", "1 node, 0 cables, 1 warning\n")
        .endsWith("\n1 warning. `topology explain unused-group` tells more about it.\n");
    assertThat(strict.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(strict.out()).endsWith("\nWith --strict, warnings are errors.\n");
  }

  @Test
  void printsJson() throws IOException {
    ProgramRun run = place.run(several("validate", "--format", "json"));

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    Golden.assertMatches("cli/validate.json", place.anonymous(run.out()));
  }

  @Test
  void printsSarif() throws IOException {
    ProgramRun run = place.run(several("validate", "--format", "sarif"));

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(sarifSchema().validate(run.out(), InputFormat.JSON)).isEmpty();
    JsonNode results = new ObjectMapper().readTree(run.out()).at("/runs/0/results");
    JsonNode rules = new ObjectMapper().readTree(run.out()).at("/runs/0/tool/driver/rules");
    assertThat(results.size()).isPositive();
    for (JsonNode result : results) {
      JsonNode rule = rules.get(result.get("ruleIndex").intValue());
      assertThat(rule.get("id")).isEqualTo(result.get("ruleId"));
      assertThat(rule.at("/defaultConfiguration/level")).isEqualTo(result.get("level"));
    }
    Golden.assertMatches(
        "cli/validate-results.sarif", place.anonymous(results.toPrettyString()) + "\n");
  }

  @Test
  void printsSarifOfFilesWithoutMistakesAndWithStrangeNames() throws IOException {
    String file = place.file("a b#ü%.yaml", GOOD);

    ProgramRun run = place.run("validate", "--format", "sarif", file, "c:d/nope.yaml", "-");

    assertThat(sarifSchema().validate(run.out(), InputFormat.JSON)).isEmpty();
    assertThat(run.out())
        .contains("/a%20b%23%C3%BC%25.yaml\"", "\"./c:d/nope.yaml\"", "\"%3Cstdin%3E\"");
  }

  @Test
  void annotatesOnGithub() throws IOException {
    ProgramRun run = place.run(several("validate", "--format", "github"));

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    Golden.assertMatches("cli/validate-github.txt", place.anonymous(run.out()));
  }

  @Test
  void planReadsStandardInputToo() {
    ProgramRun run = withInput("nodes: {a: {memroy: 1GiB}}", "plan", "-");

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.err())
        .startsWith("<stdin>:1:13: error[unknown-key]")
        .endsWith("1 error. `topology explain unknown-key` tells more about it.\n");
  }

  private ProgramRun withInput(String yaml, String... arguments) {
    return ProgramRun.of(place.user(), new ByteArrayInputStream(yaml.getBytes(UTF_8)), arguments);
  }

  private String[] several(String... words) throws IOException {
    List<String> files =
        List.of(
            place.file("bad.yaml", BAD),
            place.file("pair.yaml", GOOD),
            place.file("unused.yaml", "groups: {g: {}}\nnodes: {a: {}}\n"),
            Files.createDirectories(directory.resolve("labs")).toString());
    return Stream.concat(Stream.of(words), files.stream()).toArray(String[]::new);
  }

  /** The standard's own. */
  private static JsonSchema sarifSchema() throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream("schema/sarif-schema-2.1.0.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(in);
    }
  }
}
