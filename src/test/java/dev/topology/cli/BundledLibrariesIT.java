package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the executable says of the libraries in it. */
class BundledLibrariesIT {

  private static final Path BUILT = Path.of("target", "topology");

  /** JUnit is for those who have it, and not in the executable: see the pom. */
  private static final List<String> LEFT_OUT =
      List.of("org.junit", "org.opentest4j", "org.apiguardian");

  @Test
  void hasANoticeOfEachLibraryAndNoOther() throws Exception {
    Set<String> bundled = new TreeSet<>();
    libraries().forEach(library -> bundled.add(library.get("name").asText()));

    assertThat(noticed()).containsExactlyElementsOf(bundled);
  }

  @Test
  void tellsVersionLicenceAndChecksumOfEach() throws Exception {
    assertThat(libraries())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            library -> {
              assertThat(library.get("version").asText()).isNotEmpty();
              assertThat(library.get("licenses")).isNotEmpty();
              assertThat(library.get("hashes"))
                  .anyMatch(hash -> hash.get("alg").asText().equals("SHA-256"));
            });
  }

  /** Made anew by each build that is online; what the executable holds is the one in src. */
  @Test
  void hasTheBillOfMaterialsOfThisPom() throws Exception {
    Path made = Path.of("target", "bom.json");
    assumeThat(made).exists();

    assertThat(Path.of("src", "launcher", "bom.json"))
        .as("cp target/bom.json src/launcher/bom.json")
        .hasSameTextualContentAs(made);
  }

  private static List<JsonNode> libraries() throws IOException {
    List<JsonNode> libraries = new ArrayList<>();
    for (JsonNode each :
        new ObjectMapper().readTree(entry("META-INF/bom.json")).get("components")) {
      if (LEFT_OUT.stream().noneMatch(each.get("group").asText()::startsWith)) {
        libraries.add(each);
      }
    }
    return libraries;
  }

  /** The names of artifacts in the notices: in lines of their own, or before a copyright. */
  private static Set<String> noticed() throws IOException {
    Set<String> names = new TreeSet<>();
    entry("META-INF/THIRD-PARTY")
        .lines()
        .filter(line -> line.matches(" {4}[a-z].*|  jnr-x86asm .*"))
        .map(line -> line.replaceFirst("Copyright.*", "").strip())
        .forEach(line -> names.addAll(Arrays.asList(line.split(",\\s*", -1))));
    names.remove("");
    return names;
  }

  private static String entry(String name) throws IOException {
    try (ZipFile jar = new ZipFile(BUILT.toFile());
        InputStream content = jar.getInputStream(jar.getEntry(name))) {
      return new String(content.readAllBytes(), UTF_8);
    }
  }
}
