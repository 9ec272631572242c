package dev.topology.containerlab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.format.UsualLayout;
import dev.topology.load.LoadRequest;
import dev.topology.load.LoadResult;
import dev.topology.load.TopologyLoader;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportTest {

  private static final Path FILES = Path.of("src/test/resources/dev/topology/containerlab");

  private static final Path LAB = Path.of("/labs/one");

  private static final Places HERE =
      new Places(LAB, LAB, path -> !path.toString().contains("missing"));

  @ParameterizedTest
  @ValueSource(strings = {"routed", "fabric", "smallest"})
  void becomesATopologyThatLoads(String lab) throws IOException {
    Import imported = of(Files.readString(FILES.resolve(lab + ".clab.yml")), lab + ".clab.yml");

    Golden.assertMatches("containerlab/" + lab + ".yaml", imported.text());
    Golden.assertMatches("containerlab/" + lab + ".findings", said(imported));
    LoadResult result =
        new TopologyLoader()
            .load(
                LoadRequest.ofText(
                    new SourceText(lab + ".yaml", imported.text()), Map.of("WHO", "me")));
    assertThat(result).isInstanceOf(LoadResult.Loaded.class);
    assertThat(result.diagnostics()).isEmpty();
    assertThat(UsualLayout.of(imported.text(), Map.of())).isEqualTo(imported.text());
  }

  @Test
  void everyKeyIsTranslatedOrReported() {
    Import imported =
        of("x: 1\ntopology: {y: 2, defaults: {z: 3}, nodes: {a: {w: 4}}}\n", "odd.clab.yml");

    assertThat(imported.findings()).extracting(Finding::key).containsExactly("x", "y", "z", "w");
  }

  @Test
  void waitsForNobodyWhoIsNotThere() {
    Import imported =
        of(
            """
            topology:
              nodes:
                a: {stages: {create: {wait-for: [{node: nobody, stage: healthy}]}}, cpu: two}
                b: {wait-for: [a, noone], cpu: 1.5}
            """,
            "odd.clab.yml");

    assertThat(imported.text()).contains("depends_on: [a]").contains("cpus: 2");
    assertThat(imported.findings())
        .extracting(Finding::key)
        .containsExactly("wait-for", "cpu", "wait-for", "cpu");
  }

  @Test
  void leadsToTheSameFilesFromElsewhere() {
    String lab =
        """
        topology:
          nodes:
            a:
              binds:
                - a.conf:/a:ro
                - ../b.conf:/b:ro
                - /etc/c.conf:/c:ro
                - ~/d.conf:/d:ro
                - $E/e.conf:/e:ro
        """;
    Places elsewhere = new Places(LAB, Path.of("/labs/two"), path -> true);

    Import imported = Import.of(new SourceText("a.clab.yml", lab), elsewhere).orElseThrow();

    assertThat(imported.findings()).isEmpty();
    assertThat(imported.text())
        .contains(
            "/a: \"../one/a.conf\"",
            "/b: \"../b.conf\"",
            "/c: /etc/c.conf",
            "/d: \"~/d.conf\"",
            "/e: \"${E:-}/e.conf\"");
  }

  @Test
  void isNotMadeOfWhatIsNoLab() {
    assertThat(Import.of(new SourceText("a.yaml", "nodes: {a: {}}"), HERE)).isEmpty();
    assertThat(Import.of(new SourceText("a.yaml", "topology: {nodes: }"), HERE)).isEmpty();
    assertThat(Import.of(new SourceText("a.yaml", ""), HERE)).isEmpty();
    assertThat(Import.of(new SourceText("a.yaml", "[topology]"), HERE)).isEmpty();
  }

  @Test
  void fillsVariablesInAsContainerlabDoes() {
    assertThat(Variables.translate("$A ${B} ${C:-x} ${D:=y} $$E $5"))
        .isEqualTo("${A:-} ${B:-} ${C:-x} $${D:=y} $$E $5");
  }

  private static Import of(String text, String name) {
    return Import.of(new SourceText(name, text), HERE).orElseThrow();
  }

  private static String said(Import imported) {
    return imported.findings().stream().map(it -> it + "\n").collect(Collectors.joining());
  }
}
