package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.source.Diagnostic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file by several names: a capture must not be written over what the topology reads. */
class LocalFilesTest {

  @TempDir Path directory;

  @BeforeEach
  void input() throws Exception {
    Files.write(directory.resolve("input.pcap"), new byte[] {0x0A, 0x0D, 0x0D, 0x0A});
  }

  @Test
  void theTopologyItself() throws Exception {
    assertThat(problems("lab.yaml"))
        .containsExactly(directory + "/lab.yaml is this topology file itself");
  }

  @Test
  void aHardLinkToAFileOfANode() throws Exception {
    Files.createLink(directory.resolve("linked.pcap"), directory.resolve("input.pcap"));
    assertThat(problems("linked.pcap"))
        .containsExactly(directory + "/linked.pcap is in the files of node \"a\"");
  }

  @Test
  void theSameFileThroughALinkedDirectory() throws Exception {
    Files.createSymbolicLink(directory.resolve("here"), directory);
    assertThat(problems("here/input.pcap"))
        .containsExactly(directory + "/here/input.pcap is in the files of node \"a\"");
    assertThat(problems("here/new.pcap", "new.pcap"))
        .containsExactly("another cable captures into \"new.pcap\" already");
  }

  @Test
  void aSymbolicLink() throws Exception {
    Files.createSymbolicLink(directory.resolve("link.pcap"), Path.of("nowhere"));
    assertThat(problems("link.pcap"))
        .containsExactly(directory + "/link.pcap is a symbolic link, not a file to write to");
  }

  @Test
  void aCaptureOfLastTimeIsWrittenAnew() throws Exception {
    Files.copy(directory.resolve("input.pcap"), directory.resolve("last.pcap"));
    assertThat(problems("last.pcap")).isEmpty();
  }

  private List<String> problems(String... captures) throws Exception {
    StringBuilder text =
        new StringBuilder("nodes: {a: {files: {/x: input.pcap}}, b: {}}\ncables:\n");
    for (String capture : captures) {
      text.append("  - {ends: [a, b], capture: ").append(capture).append("}\n");
    }
    Path file = Files.writeString(directory.resolve("lab.yaml"), text);
    return new TopologyLoader()
        .loadFile(file, Map.of()).diagnostics().stream().map(Diagnostic::message).toList();
  }
}
