package dev.topology.language.containerlab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.language.containerlab.Import.Finding;
import dev.topology.language.containerlab.Import.Places;
import dev.topology.language.containerlab.TopologyText.Variables;
import dev.topology.language.format.UsualLayout;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.source.Diagnostic;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportTest {

  private static final Path FILES =
      Path.of("src/test/resources/dev/topology/language/containerlab");

  private static final Path LAB = Path.of("/labs/one");

  private static final Places HERE =
      new Places(
          LAB,
          Optional.of(LAB),
          path -> !path.toString().contains("missing"),
          ImportTest::isDirectory);

  @ParameterizedTest
  @ValueSource(strings = {"routed", "fabric", "smallest"})
  void becomesATopologyThatLoads(String lab) throws IOException {
    Import imported = of(Files.readString(FILES.resolve(lab + ".clab.yml")), lab + ".clab.yml");

    Golden.assertMatches("language/containerlab/" + lab + ".yaml", imported.text());
    Golden.assertMatches("language/containerlab/" + lab + ".findings", said(imported));
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
    Places elsewhere =
        new Places(LAB, Optional.of(Path.of("/labs/two")), path -> true, ImportTest::isDirectory);

    Import imported =
        Import.of(new SourceText("a.clab.yml", lab), elsewhere, ImportTest::errors).orElseThrow();

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
  void hasAbsolutePathsWhereNobodyKnowsWhereItGoes() {
    String lab = "topology: {nodes: {a: {binds: [a.conf/:/a/b/]}}}";
    Places nowhere = new Places(LAB, Optional.empty(), path -> true, ImportTest::isDirectory);

    assertThat(
            Import.of(new SourceText("a.clab.yml", lab), nowhere, ImportTest::errors)
                .orElseThrow()
                .text())
        .contains("/a/b: /labs/one/a.conf");
  }

  @Test
  void aDirectoryIsSharedAndAFileIsCopied() {
    Import imported =
        of(
            """
            topology:
              nodes:
                a:
                  binds: [data:/data, ../data:/ro:ro, "data:/z:z,ro", a.conf:/a:ro, data:/proc:ro]
            """,
            "binds.clab.yml");

    assertThat(imported.text())
        .endsWith(
            """
              a:
                files:
                  /a: a.conf
                shares:
                  /data: {host: data, write: true}
                  /ro: "../data"
                  /z: data
            """);
    assertThat(imported.findings()).extracting(Finding::key).containsExactly("shares", "binds");
  }

  @Test
  void theWholeHostIsNotShared() {
    Import imported = of("topology: {nodes: {a: {binds: [/:/host:ro]}}}", "binds.clab.yml");

    assertThat(imported.text()).doesNotContain("shares");
    assertThat(imported.findings()).extracting(Finding::key).containsExactly("binds");
  }

  @Test
  void aValueOfManyLinesStaysOneValue() {
    Import imported =
        of(
            """
            topology:
              nodes:
                a:
                  env:
                    MANY: |
                      one
                        it's two

                      four
                    no-name: x
                b:
                  env: {BELL: "\\a\\ntwo"}
            """,
            "env.clab.yml");

    assertThat(imported.text())
        .contains("      MANY: \"one\\n  it's two\\n\\nfour\\n\"\n")
        .contains("      BELL: \"\\U00000007\\ntwo\"\n")
        .doesNotContain("command");
    assertThat(imported.findings()).extracting(Finding::key).containsExactly("env");
  }

  @Test
  void aContainerImageIsNamedAsDockerMeansIt() {
    Import imported =
        of(
            """
            topology:
              nodes:
                a: {image: nginx}
                b: {image: "frrouting/frr:v8.4.1"}
                c: {image: "localhost:5000/x/y:1"}
                d: {image: "ghcr.io/x/y:${TAG:-2}"}
                e: {image: "$REGISTRY/x"}
                f: {image: "No Image"}
            """,
            "images.clab.yml");

    assertThat(imported.text())
        .contains(
            "image: docker.io/library/nginx\n",
            "image: \"docker.io/frrouting/frr:v8.4.1\"\n",
            "image: \"localhost:5000/x/y:1\"\n",
            "image: \"ghcr.io/x/y:${TAG:-2}\"\n",
            "e: {}",
            "f: {}");
    assertThat(imported.findings()).extracting(Finding::key).containsExactly("image", "image");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "nginx -g 'daemon off;'|[nginx, \"-g\", \"daemon off;\"]",
        "sh -c \"echo \\\"a b\\\" 'c'\"|[sh, \"-c\", \"echo \\\"a b\\\" 'c'\"]",
        "a\\ b '' c'd'\"e\"|[a b, \"\", cde]",
        "echo 'no end|[echo, no end]",
      })
  void aProgramsWordsAreThoseOfTheShell(String command, String words) {
    String lab =
        "topology: {nodes: {a: {image: alpine, cmd: '" + command.replace("'", "''") + "'}}}";

    assertThat(of(lab, "cmd.clab.yml").text()).contains("    command: " + words + "\n");
  }

  @Test
  void whatIsRunInAContainerIsRunBeforeTheNodeIsReady() {
    Import imported =
        of(
            """
            topology:
              nodes:
                a:
                  image: alpine
                  exec:
                    - ip addr add 10.0.0.1/24 dev lo
                    - sh -c 'echo "$GREETING" >/tmp/it'
                    - ip route del default via 172.20.20.1 dev eth0
                  stages: {configure: {exec: [{command: touch /x}, {command: date, target: host}]}}
                  healthcheck: {test: [CMD-SHELL, "test -e /tmp/it"], interval: 100, retries: 10}
                b:
                  cmd: httpd -f
                  stages: {create: {exec: [touch /y]}}
                  healthcheck: {test: [CMD, wget, "http://localhost"], retries: 2}
                c: {exec: [""], healthcheck: {test: [NONE]}}
                d: {healthcheck: {test: true}}
            """,
            "exec.clab.yml");

    assertThat(imported.text())
        .endsWith(
            """
              a:
                image: docker.io/library/alpine
                exec:
                  - ip addr add 10.0.0.1/24 dev lo
                  - [sh, "-c", "echo \\"${GREETING:-}\\" >/tmp/it"]
                  - touch /x
                ready: {exec: test -e /tmp/it, within: 1300s}
              b:
                exec:
                  - touch /y
                ready: {exec: [wget, "http://localhost"]}
                command: [httpd, "-f"]
              c: {}
              d: {}
            """);
    assertThat(imported.findings())
        .extracting(Finding::key)
        .containsExactly("exec", "exec", "cmd", "healthcheck");
  }

  @Test
  void aRangeOfPortsIsManyPorts() {
    Import imported =
        of(
            """
            topology:
              nodes:
                a: {ports: ["127.0.0.1:9000-9001:80-81", 7000-7001, 1-200, "1-2:3", "5:4-3"]}
            """,
            "ports.clab.yml");

    assertThat(imported.text())
        .endsWith(
            """
                ports:
                  80: "127.0.0.1:9000"
                  81: "127.0.0.1:9001"
                  7000: "0.0.0.0:auto"
                  7001: "0.0.0.0:auto"
            """);
    assertThat(imported.findings())
        .extracting(Finding::key)
        .containsExactly("ports", "ports", "ports");
  }

  @Test
  void aBridgeIsASwitch() {
    Import imported =
        of(
            """
            topology:
              nodes:
                br_0: {kind: bridge}
                ovs: {kind: ovs-bridge}
                a: {exec: [ip addr add 10.0.0.1/24 dev eth1]}
                b:
              links:
                - {endpoints: ["br_0:p1", "a:eth1"], mtu: 9000}
                - endpoints: ["b:eth1", "br_0:p2"]
                - endpoints: ["br_0:p3", "ovs:p1"]
            """,
            "lan.clab.yml");

    assertThat(imported.text())
        .endsWith(
            """
            nodes:
              a: {}
              b: {}

            switches:
              br-0: {}
              ovs: {}

            cables:
              - ends:
                  - {node: br-0}
                  - {node: a, interface: eth1, address: 10.0.0.1/24}
                mtu: 9000
              - ["b:eth1", br-0]
              - [br-0, ovs]
            """);
    assertThat(imported.findings()).extracting(Finding::key).containsExactly("br_0");
  }

  @Test
  void aNameThatIsValidStays() {
    Import imported = of("topology: {nodes: {A: , a: , a-2: , B_1: }}", "names.clab.yml");

    assertThat(imported.text()).contains("  a-3: {}", "  a: {}", "  a-2: {}", "  b-1: {}");
    assertThat(imported.findings()).extracting(Finding::key).containsExactly("A", "B_1");
  }

  @Test
  void leavesOutWhatDoesNotFit() {
    Import imported =
        of(
            """
            topology:
              nodes:
                a: {ports: ["8080:80", "99999:81"], wait-for: [b]}
                b: {wait-for: [a], memory: 900TB}
              links:
                - {endpoints: ["a:eth1", "b:eth1"], ipv4: [10.0.0.1/24, 10.0.0.1/24]}
                - endpoints: ["a:eth2", "a:eth3"]
            """,
            "odd.clab.yml");

    assertThat(errors(new SourceText("odd.yaml", imported.text()))).isEmpty();
    assertThat(imported.text()).contains("0.0.0.0:8080").doesNotContain("0.0.0.0:99999");
    assertThat(imported.findings())
        .extracting(Finding::key)
        .contains("ports", "depends_on", "links");
  }

  /** Whatever a lab says, what is made of it can be brought up. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void isAlwaysValid(int seed) {
    LabGenerator generator = new LabGenerator(new Random(seed));
    int imported = 0;
    for (int i = 0; i < 100; i++) {
      String lab = generator.lab();
      Optional<Import> made =
          Import.of(new SourceText("any.clab.yml", lab), HERE, ImportTest::errors);
      if (made.isPresent() && !made.get().text().isEmpty()) {
        imported++;
        assertThat(errors(new SourceText("any.yaml", made.get().text())))
            .as("%s%nmakes%n%s", lab, made.get().text())
            .isEmpty();
      }
    }
    assertThat(imported).isGreaterThan(80);
  }

  @Test
  void isNotMadeOfWhatIsNoLab() {
    assertThat(Import.of(new SourceText("a.yaml", "nodes: {a: {}}"), HERE, ImportTest::errors))
        .isEmpty();
    assertThat(Import.of(new SourceText("a.yaml", "topology: {nodes: }"), HERE, ImportTest::errors))
        .isEmpty();
    assertThat(Import.of(new SourceText("a.yaml", ""), HERE, ImportTest::errors)).isEmpty();
    assertThat(Import.of(new SourceText("a.yaml", "[topology]"), HERE, ImportTest::errors))
        .isEmpty();
  }

  @Test
  void fillsVariablesInAsContainerlabDoes() {
    assertThat(Variables.translate("$A ${B} ${C:-x} ${D:=y} $$E $5"))
        .isEqualTo("${A:-} ${B:-} ${C:-x} $${D:=y} $$E $5");
  }

  private static boolean isDirectory(Path path) {
    return path.endsWith("data") || path.endsWith("etc");
  }

  private static Import of(String text, String name) {
    return Import.of(new SourceText(name, text), HERE, ImportTest::errors).orElseThrow();
  }

  private static String said(Import imported) {
    return imported.findings().stream().map(it -> it + "\n").collect(Collectors.joining());
  }

  private static List<Diagnostic> errors(SourceText text) {
    return new TopologyLoader()
        .load(LoadRequest.ofText(text, Map.of())).diagnostics().stream()
            .filter(Diagnostic::isError)
            .toList();
  }
}
