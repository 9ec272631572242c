package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewVerbTest {

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void printsAFileThatIsValid() throws IOException {
    ProgramRun run = place.run("new", "tree", "--fanout", "3", "--name", "oak");

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).contains("name: oak\n", "topology up oak.yaml");
    assertThat(place.run("validate", place.file("oak.yaml", run.out())).out())
        .endsWith("oak.yaml: 13 nodes, 12 cables, no errors\n");
  }

  @Test
  void writesAFileButNotOverAnother() throws IOException {
    assertThat(place.run("new", "ring", "-o", "ring.yaml"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "", "topology: ring.yaml is written\n"));
    String ring = Files.readString(directory.resolve("ring.yaml"));

    assertThat(place.run("new", "pair", "-o", "ring.yaml"))
        .isEqualTo(
            new ProgramRun(
                ExitCode.WRONG_USAGE,
                "",
                "topology: ring.yaml is there already; --force writes over it\n"));
    assertThat(directory.resolve("ring.yaml")).hasContent(ring);

    assertThat(place.run("new", "pair", "-o", "ring.yaml", "--force").code())
        .isEqualTo(ExitCode.DONE);
    assertThat(Files.readString(directory.resolve("ring.yaml"))).contains("name: pair");
  }

  @Test
  void writesRegularFilesOnly() throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
    Files.createDirectory(directory.resolve("folder"));

    for (String name : List.of("link", "folder")) {
      assertThat(place.run("new", "pair", "-o", name, "--force"))
          .isEqualTo(
              new ProgramRun(
                  ExitCode.UNFIT_HOST,
                  "",
                  "topology: " + name + " cannot be written: it is not a regular file\n"));
    }
    assertThat(place.run("new", "pair", "-o", "-").out()).contains("name: pair\n");
  }

  @Test
  void writesOverNothingThatIsRead() throws IOException {
    String lab = place.file("lab.yaml", "nodes: {a: {}}\n");
    Files.createLink(directory.resolve("linked.yaml"), directory.resolve(lab));

    assertThat(place.run("graph", lab, "-o", "linked.yaml", "--force").err())
        .isEqualTo("topology: linked.yaml is what is read: name another file\n");
    assertThat(directory.resolve(lab)).hasContent("nodes: {a: {}}\n");
  }

  @Test
  void explainsWhatItCannotDraw() {
    assertThat(place.run("new", "mesh", "--nodes", "24").err())
        .isEqualTo(
            "topology: a mesh has at most 23 nodes, not 24: a node has room for 22 cables\n");
    assertThat(place.run("new", "ring", "--name", "My Ring").err())
        .startsWith(
            "topology: --name: \"My Ring\" cannot be the name of a topology;"
                + " did you mean \"my-ring\"?");
    assertThat(place.run("new").err()).contains("pair, line, ring, star, tree, mesh, clos");
    assertThat(place.run("new", "rign").err()).contains("did you mean ring?");
    assertThat(place.run("new", "ring", "-o", "nowhere/ring.yaml").code())
        .isEqualTo(ExitCode.UNFIT_HOST);
  }
}
