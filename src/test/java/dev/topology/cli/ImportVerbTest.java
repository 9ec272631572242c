package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportVerbTest {

  private static final String LAB =
      """
      name: lab
      topology:
        nodes:
          a: {kind: linux, image: alpine, binds: ["here.txt:/here.txt:ro", "gone.txt:/gone.txt"]}
          b: {kind: linux}
        links:
          - endpoints: ["a:eth1", "b:eth1"]
      """;

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void writesAFileThatIsValidAndSaysWhatItLacks() throws IOException {
    String lab = place.file("lab.clab.yml", LAB);
    place.file("here.txt", "");

    ProgramRun run = place.run("import", "containerlab", lab, "-o", "lab.yaml");

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.err()).contains(lab + ":4:70: binds: there is no file or directory gone.txt;");
    assertThat(Files.readString(directory.resolve("lab.yaml")))
        .contains("/here.txt: here.txt")
        .contains("    image: docker.io/library/alpine")
        .contains("#   4:70 binds: there is no file or directory gone.txt")
        .contains("  - [\"a:eth1\", \"b:eth1\"]");
    assertThat(place.run("validate", directory.resolve("lab.yaml").toString()).code())
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void writesNothingWhereThereIsNothingToImport() throws IOException {
    String lab = place.file("h.clab.yml", "topology: {nodes: {h: {kind: host}}}\n");
    String template =
        place.file("t.clab.gotmpl", "topology:\n  nodes:\n{{- range .n }}\n    a: {}\n{{ end }}\n");

    ProgramRun nothing = place.run("import", "containerlab", lab, "-o", "new.yaml");
    assertThat(nothing.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(nothing.err())
        .endsWith(lab + " has nothing to import: none of its nodes is a machine\n");
    assertThat(place.run("import", "containerlab", template, "-o", "new.yaml").err())
        .isEqualTo(
            "topology: "
                + template
                + " is a Go template, not YAML: import what comes out when it is filled in\n");
    assertThat(directory.resolve("new.yaml")).doesNotExist();
  }

  @Test
  void pathsOnStandardOutputLeadThereFromAnywhere() throws IOException {
    String lab = place.file("lab.clab.yml", LAB);
    place.file("here.txt", "");

    assertThat(place.run("import", "containerlab", lab).out())
        .contains("/here.txt: " + directory.resolve("here.txt"));
  }

  @Test
  void refusesWhatIsNoLab() throws IOException {
    String pair = place.file("pair.yaml", "nodes: {a: {}}\n");

    assertThat(place.run("import", "containerlab", pair))
        .isEqualTo(
            new ProgramRun(
                ExitCode.WRONG_USAGE,
                "",
                "topology: "
                    + pair
                    + " is no containerlab file: it has no \"nodes\" in a \"topology\"\n"));
    assertThat(place.run("import").err()).contains("topology import containerlab FILE");
  }
}
