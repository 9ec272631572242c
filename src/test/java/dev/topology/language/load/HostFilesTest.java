package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.HostFiles.State;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loader asks this machine about its files. */
class HostFilesTest {

  private final HostFiles files = HostFiles.local();
  @TempDir private Path directory;

  @Test
  void knowsAFileByAllOfItsNames() throws Exception {
    Path disk = Files.createFile(directory.resolve("disk.raw"));
    Path hard = Files.createLink(directory.resolve("hard.raw"), disk);
    Path soft = Files.createSymbolicLink(directory.resolve("soft.raw"), disk);
    Path other = Files.createFile(directory.resolve("other.raw"));
    Path linked = Files.createSymbolicLink(directory.resolve("linked"), directory);

    assertThat(files.identityOf(disk))
        .isEqualTo(files.identityOf(hard))
        .isEqualTo(files.identityOf(soft))
        .isEqualTo(files.identityOf(linked.resolve("./disk.raw")))
        .isNotEqualTo(files.identityOf(other));
    assertThat(files.identityOf(linked.resolve("new.pcap")))
        .isEqualTo(files.identityOf(directory.toRealPath().resolve("new.pcap")));
  }

  @Test
  void tellsWhatIsAtAPath() throws Exception {
    Path loop = Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("loop"));

    assertThat(files.stateOf(directory)).isEqualTo(State.DIRECTORY);
    assertThat(files.stateOf(Files.createFile(directory.resolve("file")))).isEqualTo(State.FILE);
    assertThat(files.stateOf(directory.resolve("file/below"))).isEqualTo(State.MISSING);
    assertThat(files.stateOf(loop)).isEqualTo(State.MISSING);
    assertThat(files.stateOf(Path.of("/dev/zero"))).isEqualTo(State.SPECIAL);
  }
}
