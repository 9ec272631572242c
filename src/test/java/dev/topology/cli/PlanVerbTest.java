package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanVerbTest {

  private static final String PAIR = "nodes: {left: {}, right: {}}\ncables: [[left, right]]";

  @TempDir private Path directory;
  private Place place;
  private String pair;

  @BeforeEach
  void setUp() throws IOException {
    place = new Place(directory).withQemuThat("exit 1").withImage();
    pair = place.file("pair.yaml", PAIR);
  }

  @Test
  void printsSocketsAndArguments() {
    ProgramRun run = place.run("plan", pair);

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.out())
        .startsWith("pair: 2 nodes, 1 cable\n")
        .contains("left:eth1--right:eth1", "-kernel " + directory, "\nright\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void printsOnlyTheNodesThatAreAskedFor() {
    ProgramRun run = place.run("plan", pair, "--node", "right");

    assertThat(run.out()).contains("\nright\n").doesNotContain("\nleft\n");
  }

  @Test
  void printsJson() throws IOException {
    JsonNode plan = new ObjectMapper().readTree(place.run("plan", pair, "--format=json").out());

    assertThat(plan.get("topology").asText()).isEqualTo("pair");
    assertThat(plan.get("nodes")).hasSize(2);
  }

  @Test
  void printsAScriptForEachNode() {
    ProgramRun run = place.run("plan", pair, "--node=left", "--format=shell");

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).contains("# Boots node \"left\"", "qemu-system-x86_64 \\\n");
  }

  @Test
  void showsWhichNodeGoesWhere() throws IOException {
    String line =
        place.file(
            "line.yaml",
            "nodes: {a: {}, b: {memory: 512MiB}, c: {}}\ncables: [{line: [a, b, c]}]\n"
                + "placement: {together: [[a, c]]}");

    assertThat(place.run("plan", line, "--machines", "2").out())
        .isEqualTo(
            """
            line: 3 nodes on 2 machines, 2 of 2 cables between machines

            machine  nodes  memory  cpus  cables to others
            m1       2      512MiB  2     2
            m2       1      512MiB  1     2

            node  machine  memory  cpus
            a     m1       256MiB  1
            c     m1       256MiB  1
            b     m2       512MiB  1

            cable between machines  from  to
            a:eth1--b:eth1          m1    m2
            b:eth2--c:eth1          m2    m1
            """);
    assertThat(place.run("graph", line, "--machines=2", "--format=dot").out())
        .contains("subgraph \"cluster_m1\"", "subgraph \"cluster_m2\"");
    JsonNode json =
        new ObjectMapper()
            .readTree(place.run("plan", line, "--machine-memory=1GiB", "--format=json").out());
    assertThat(json.get("machines")).hasSize(1);
    assertThat(json.get("machines").get(0).get("memoryBytes").asLong()).isEqualTo(1L << 30);
    assertThat(json.get("cablesBetweenMachines")).isEmpty();
  }

  @Test
  void refusesMachinesThatTheFileDoesNotFitOn() throws IOException {
    String apart = place.file("apart.yaml", "nodes: {a: {}, b: {}}\nplacement: {apart: [[a, b]]}");

    assertRefused("nodes that are to be apart", "plan", apart, "--machines=1");
    assertRefused("more than the 128MiB of a machine", "plan", apart, "--machine-memory=128MiB");
    assertRefused("--machines takes 1 or more", "plan", apart, "--machines=0");
    assertRefused("\"64G\" is not a size", "plan", apart, "--machine-memory=64G");
    assertRefused("machines are for a file", "graph", "running", "--machines=2");
    assertRefused("neither --node nor", "plan", apart, "--machines=2", "--format=shell");
  }

  private void assertRefused(String reason, String... command) {
    ProgramRun run = place.run(command);
    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.err()).contains(reason);
  }

  @Test
  void plansWithAnImageThatIsNotBuiltYetAndSaysSo() throws IOException {
    String file = place.file("routers.yaml", "nodes: {a: {image: router}}");

    ProgramRun run = place.run("plan", file);

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).contains("/images/router/kernel");
    assertThat(run.err())
        .contains("warning[unknown-image]", "make it with \"topology image build router\"")
        .doesNotContain("is not built yet");
  }

  @Test
  void saysWhatToInstallWhereThereIsNoQemu() {
    ProgramRun run = place.with("TOPOLOGY_QEMU", "").with("PATH", "/nonexistent").run("plan", pair);

    assertThat(run.code()).isEqualTo(ExitCode.UNFIT_HOST);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("topology: there is no qemu-system-x86_64 on the PATH")
        .contains("apt-get install qemu-system-x86");
  }

  @Test
  void saysWhatIsWrongWithTheFileOnStandardError() throws IOException {
    ProgramRun run = place.run("plan", place.file("bad.yaml", "nodes: {a: {memroy: 1}}"));

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("error[unknown-key]", "1 error.");
  }
}
