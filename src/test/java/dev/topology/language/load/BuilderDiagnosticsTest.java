package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.topology.language.load.LoadResult.InvalidTopologyException;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.source.Diagnostic;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mistake in Java is told like the same mistake in a file, at the line of Java that made it: the
 * one that ends in a comment with its id.
 */
class BuilderDiagnosticsTest {

  private static final String FILE = "BuilderDiagnosticsTest.java";
  private static final Path SOURCE =
      Path.of("src/test/java/dev/topology/language/load").resolve(FILE);

  @Test
  void tellsMistakesOfOneValueLikeAFile() {
    TopologyBuilder builder =
        TopologyBuilder.named("Lab") // bad-name
            .node("Client") // bad-name
            .node(
                "a",
                node ->
                    node.cpus(0) // out-of-range
                        .memory("256M") // bad-size
                        .port("22", "localhost:22") // bad-address
                        .port(80, 0) // out-of-range
                        .service("10.0.0.1:80", "127.0.0.1:80") // bad-address
                        .file("etc/motd", Path.of("/dev/null")) // bad-path
                        .ready(
                            ready ->
                                ready
                                    .console("(") // bad-regex
                                    .within(Duration.ZERO)) // out-of-range
                        .command("\0") // bad-text
                        .route("10.0.4.1/24", "10.64.0.1")) // bad-address
            .cable(
                cable ->
                    cable
                        .end("a", end -> end.mac("01:00:00:00:00:01")) // bad-mac
                        .end("a")
                        .rate("10M")); // bad-rate

    assertLikeFile(
        builder,
        """
        name: Lab
        nodes:
          Client: {}
          a:
            cpus: 0
            memory: 256M
            ports:
              22: localhost:22
              80: 0
            services:
              10.0.0.1:80: 127.0.0.1:80
            files:
              etc/motd: /dev/null
            ready:
              console: (
              within: 0s
            command: "\\0"
            routes:
              10.0.4.1/24: 10.64.0.1
        cables:
          - ends:
              - {node: a, mac: 01:00:00:00:00:01}
              - a
            rate: 10M
        """);
  }

  @Test
  void tellsContradictionsLikeAFile() {
    TopologyBuilder builder =
        TopologyBuilder.named("lab")
            .group("unused", node -> node.forward()) // unused-group
            .node("router", node -> node.group("rooters").port(80, 8080)) // unknown-group
            .node(
                "client",
                node ->
                    node.port(80, 8080) // host-port-taken-twice
                        .dependsOn("server")
                        .memory("64MiB") // small-memory
                        .kernel(Path.of("/nowhere/vmlinuz"))) // host-file
            .node("server", node -> node.dependsOn("client")) // dependency-cycle
            .node("client") // duplicate-key
            .node(
                "island",
                node ->
                    node.hostNetwork(false)
                        .memory("64MiB") // small-memory
                        .port(22)) // needs-host-network
            .cable("client", "rotuer") // unknown-node
            .cable("client:eth0", "router") // host-interface
            .cable("client:eth5", "router")
            .cable("client:eth5", "router") // interface-taken-twice
            .cable("odd", cable -> cable.end("client")) // cable-ends
            .cable("odd", cable -> cable.capture(Path.of("/tmp/odd.pcap"))); // missing-key

    assertLikeFile(
        builder,
        """
        name: lab
        groups:
          unused: {forward: true}
        nodes:
          router: {group: rooters, ports: {80: 8080}}
          client:
            ports: {80: 8080}
            depends_on: [server]
            memory: 64MiB
            kernel: /nowhere/vmlinuz
          server: {depends_on: [client]}
          client: {}
          island:
            host_network: false
            memory: 64MiB
            ports: {22: auto}
        cables:
          - [client, rotuer]
          - ["client:eth0", router]
          - ["client:eth5", router]
          - ["client:eth5", router]
          - {name: odd, ends: [client]}
          - {name: odd, capture: /tmp/odd.pcap}
        """);
  }

  @Test
  void tellsSeveralMistakesOnOneLineInTheirOrder() {
    TopologyBuilder builder =
        TopologyBuilder.named("lab").node("a").cable("b", "c").cable("b", "a");

    assertThat(builder.tryBuild().diagnostics())
        .extracting(Diagnostic::message)
        .containsExactly(
            "cable names node \"b\", which is not defined",
            "cable names node \"c\", which is not defined",
            "cable names node \"b\", which is not defined");
  }

  @Test
  void tellsAMistakeInTheDefaultsOnce() {
    TopologyBuilder builder =
        TopologyBuilder.named("lab").defaults(node -> node.dependsOn("c")).node("a").node("b");

    assertThat(builder.tryBuild().diagnostics())
        .extracting(Diagnostic::message)
        .containsExactly("\"depends_on\" names node \"c\", which is not defined");
  }

  @Test
  void pointsAtTheCallerOfMethodReferences() {
    TopologyBuilder builder = TopologyBuilder.named("lab");
    List.of("A", "B").forEach(builder::node); // bad-name
    builder.node("c", BuilderDiagnosticsTest::withTooMuch).node("d", NodeBuilder::forward);

    assertThat(lines(builder))
        .satisfiesExactly(
            line -> assertThat(line).endsWith("// bad-name"),
            line -> assertThat(line).endsWith("// bad-name"),
            line -> assertThat(line).endsWith("// out-of-range, by a method of its own"));
  }

  private static void withTooMuch(NodeBuilder node) {
    node.cpus(1_000); // out-of-range, by a method of its own
  }

  @Test
  void namesTheMethodOfACallerCompiledWithoutLines(@TempDir Path directory) throws Exception {
    Path source =
        Files.writeString(
            directory.resolve("Stripped.java"),
            """
            public class Stripped {
              public static dev.topology.language.load.LoadResult lab() {
                return dev.topology.language.load.TopologyBuilder.named("lab").node("A").tryBuild();
              }
            }
            """);
    String classPath = System.getProperty("java.class.path");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null, null, null, "-g:none", "-proc:none", "-cp", classPath, source.toString()))
        .isZero();

    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      Object result = loader.loadClass("Stripped").getMethod("lab").invoke(null);

      assertThat(((LoadResult) result).diagnostics())
          .extracting(it -> it.location().toString())
          .containsExactly("Stripped.lab");
    }
  }

  @Test
  void needsANode() {
    TopologyBuilder builder = TopologyBuilder.named("lab"); // no-nodes

    assertLikeFile(builder, "name: lab");
  }

  @Test
  void throwsTheWholeReport() {
    TopologyBuilder builder =
        TopologyBuilder.named("failover")
            .node("client")
            .node("router")
            .node("ghost", node -> node.kernel(Path.of("/nowhere/vmlinuz")))
            .cable("client", "rotuer");
    int cable = lineOf(".cable(\"client\", \"rotuer\");");

    InvalidTopologyException exception =
        catchThrowableOfType(InvalidTopologyException.class, builder::build);

    assertThat(exception)
        .hasMessage(
            """
            %s:%d: error[host-file]: /nowhere/vmlinuz does not exist

            %s:%d: error[unknown-node]: cable names node "rotuer", which is not defined
              did you mean "router"? (defined at line %d)

            2 errors.""",
            FILE, cable - 1, FILE, cable, cable - 2);
    assertThat(exception.diagnostics()).isEqualTo(builder.tryBuild().diagnostics());
  }

  @Test
  void throwsTheReportOfAFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("lab.yaml"), "nodes: {a: {cpus: 0}}");
    TopologyLoader loader = new TopologyLoader();

    assertThatThrownBy(() -> loader.loadOrThrow(file, Map.of()))
        .isInstanceOf(InvalidTopologyException.class)
        .hasMessageStartingWith(file + ":1:19: error[out-of-range]: \"cpus\" cannot be 0\n   1 |")
        .hasMessageEndingWith("\n\n1 error.");
    Files.writeString(file, "nodes: {a: {cpus: 1}}");
    assertThat(loader.loadOrThrow(file, Map.of()).name()).isEqualTo("lab");
  }

  /** The same findings in the same words and order, each at the line that names its id. */
  private static void assertLikeFile(TopologyBuilder builder, String yaml) {
    List<Diagnostic> built = builder.tryBuild().diagnostics();
    List<Diagnostic> loaded =
        new TopologyLoader()
            .load(
                new LoadRequest(
                    new SourceText("lab.yaml", yaml), Path.of("/"), Map.of(), HostFiles.local()))
            .diagnostics();

    assertThat(built)
        .extracting(Diagnostic::id, Diagnostic::message, Diagnostic::hint)
        .containsExactlyElementsOf(
            loaded.stream().map(it -> tuple(it.id(), it.message(), it.hint())).toList());
    assertThat(built).allSatisfy(it -> assertThat(line(it)).endsWith("// " + it.id()));
    assertThat(built).extracting(it -> it.location().start().line()).doesNotHaveDuplicates();
  }

  private static List<String> lines(TopologyBuilder builder) {
    return builder.tryBuild().diagnostics().stream().map(BuilderDiagnosticsTest::line).toList();
  }

  private static String line(Diagnostic diagnostic) {
    assertThat(diagnostic.location().file()).isEqualTo(FILE);
    return source().get(diagnostic.location().start().line() - 1);
  }

  private static int lineOf(String end) {
    List<String> lines = source().stream().map(String::strip).toList();
    return lines.indexOf(end) + 1;
  }

  private static List<String> source() {
    try {
      return Files.readAllLines(SOURCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
