package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RememberedTest {

  private static final List<String> NOW = List.of("boot 1", "user 2");
  private static final List<String> ANSWER = List.of("proven", "99");

  @TempDir Path root;

  private Path directory;
  private Remembered remembered;

  @BeforeEach
  void setUp() {
    directory = root.resolve("not/there/yet");
    remembered = new Remembered(directory);
  }

  @Test
  void recallsWhatWasKept() {
    remembered.keep("kvm", NOW, ANSWER);

    assertThat(remembered.recall("kvm", NOW)).hasValue(ANSWER);
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void recallsNothingUnderOtherCircumstances() {
    remembered.keep("kvm", NOW, ANSWER);

    assertThat(remembered.recall("kvm", List.of("boot 2", "user 2"))).isEmpty();
    assertThat(remembered.recall("kvm", List.of("boot 1"))).isEmpty();
    assertThat(remembered.recall("kvm", List.of("boot 1", "user 2", "proven"))).isEmpty();
  }

  @Test
  void keepsCircumstancesOnTheirLines() {
    remembered.keep("kvm", List.of("program /a\nend"), ANSWER);

    assertThat(remembered.recall("kvm", List.of("program /a\nend"))).hasValue(ANSWER);
    assertThat(remembered.recall("kvm", List.of("program /a"))).isEmpty();
  }

  @Test
  void replacesWhatWasKeptBefore() {
    remembered.keep("kvm", NOW, List.of("not proven"));
    remembered.keep("kvm", NOW, ANSWER);

    assertThat(remembered.recall("kvm", NOW)).hasValue(ANSWER);
  }

  @Test
  void keepsButDoesNotRecallWhenFresh() {
    remembered.fresh().keep("kvm", NOW, ANSWER);

    assertThat(remembered.fresh().recall("kvm", NOW)).isEmpty();
    assertThat(remembered.recall("kvm", NOW)).hasValue(ANSWER);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 40, 49})
  void distrustsAFileThatWasCutOff(int length) throws IOException {
    remembered.keep("kvm", NOW, ANSWER);
    Path file = directory.resolve("kvm");
    String whole = Files.readString(file);
    assertThat(whole).hasSizeGreaterThan(length + 1);
    Files.writeString(file, whole.substring(0, length));

    assertThat(remembered.recall("kvm", NOW)).isEmpty();
  }

  @Test
  void distrustsAFileInWhichAnythingIsDifferent() throws IOException {
    remembered.keep("tsc", NOW, List.of("2400000"));
    Path file = directory.resolve("tsc");
    Files.writeString(file, Files.readString(file).replace("2400000", "2500000"));

    assertThat(remembered.recall("tsc", NOW)).isEmpty();
  }

  @Test
  void distrustsGarbage() throws IOException {
    remembered.keep("kvm", NOW, ANSWER);
    Files.write(directory.resolve("kvm"), new byte[] {0, (byte) 0xFF, (byte) 0xC3, 10, 0x28});

    assertThat(remembered.recall("kvm", NOW)).isEmpty();
  }

  @Test
  void worksWithoutAPlaceToKeepThings() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    Remembered homeless = new Remembered(file.resolve("below"));

    homeless.keep("kvm", NOW, ANSWER);

    assertThat(homeless.recall("kvm", NOW)).isEmpty();
  }
}
