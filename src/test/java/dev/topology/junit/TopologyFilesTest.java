package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;

class TopologyFilesTest {

  @TempDir private Path directory;
  private final TopologyFiles files = new TopologyFiles();
  private URLClassLoader loader;

  @BeforeEach
  void packJar() throws IOException {
    Path jar = directory.resolve("labs.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file)) {
      pack(entries, "root.yaml", "nodes: {a: {}}");
      pack(entries, "labs/lab.yaml", "nodes: {a: {files: {/etc/motd: files/motd}}}");
      pack(entries, "labs/files/motd", "Good morning.");
    }
    loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
  }

  private static void pack(JarOutputStream entries, String name, String text) throws IOException {
    entries.putNextEntry(new ZipEntry(name));
    entries.write(text.getBytes(StandardCharsets.UTF_8));
    entries.closeEntry();
  }

  @AfterEach
  void close() throws IOException {
    files.close();
    loader.close();
  }

  @Test
  void prefersTheFileOnDisk() {
    assertThat(files.find("topologies/pair.yaml", loader))
        .isEqualTo(Path.of("topologies/pair.yaml"));
  }

  @Test
  void usesAResourceInADirectoryWhereItIs() {
    assertThat(files.find("dev/topology/junit/single.yaml", loader))
        .isEqualTo(Path.of("target/test-classes/dev/topology/junit/single.yaml").toAbsolutePath());
  }

  @Test
  void unpacksAResourceOnceWithWhatIsBesideAndBelowIt() {
    Path file = files.find("labs/lab.yaml", loader);

    assertThat(file).hasFileName("lab.yaml").content().contains("files/motd");
    assertThat(file.resolveSibling("files/motd")).hasContent("Good morning.");
    assertThat(files.find("classpath:/labs/lab.yaml", loader)).isEqualTo(file);
    files.close();
    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void unpacksAResourceAtTheRootAlone() {
    assertThat(files.find("root.yaml", loader).getParent())
        .isDirectoryNotContaining(file -> !file.endsWith("root.yaml"));
  }

  @Test
  void tellsWhereItLooked() {
    assertThatThrownBy(() -> files.find("labs/nosuch.yaml", loader))
        .isInstanceOf(ExtensionConfigurationException.class)
        .hasMessageContaining("there is no topology file \"labs/nosuch.yaml\": neither /")
        .hasMessageEndingWith("labs/nosuch.yaml nor a resource of that name on the class path");
  }
}
