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

class ProbeCacheTest {

  private static final List<String> NOW = List.of("boot 1", "user 2");
  private static final List<String> ANSWER = List.of("proven", "99");

  @TempDir Path root;

  private Path directory;
  private ProbeCache cache;

  @BeforeEach
  void setUp() {
    directory = root.resolve("not/there/yet");
    cache = new ProbeCache(directory);
  }

  @Test
  void readsWhatWasWritten() {
    cache.write(new ProbeCache.Key("kvm", NOW), ANSWER);

    assertThat(cache.read(new ProbeCache.Key("kvm", NOW))).hasValue(ANSWER);
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void readsNothingUnderOtherCircumstances() {
    cache.write(new ProbeCache.Key("kvm", NOW), ANSWER);

    assertThat(cache.read(new ProbeCache.Key("kvm", List.of("boot 2", "user 2")))).isEmpty();
    assertThat(cache.read(new ProbeCache.Key("kvm", List.of("boot 1")))).isEmpty();
    assertThat(cache.read(new ProbeCache.Key("kvm", List.of("boot 1", "user 2", "proven"))))
        .isEmpty();
  }

  @Test
  void keepsCircumstancesOnTheirLines() {
    cache.write(new ProbeCache.Key("kvm", List.of("program /a\nend")), ANSWER);

    assertThat(cache.read(new ProbeCache.Key("kvm", List.of("program /a\nend")))).hasValue(ANSWER);
    assertThat(cache.read(new ProbeCache.Key("kvm", List.of("program /a")))).isEmpty();
  }

  @Test
  void replacesWhatWasWrittenBefore() {
    cache.write(new ProbeCache.Key("kvm", NOW), List.of("not proven"));
    cache.write(new ProbeCache.Key("kvm", NOW), ANSWER);

    assertThat(cache.read(new ProbeCache.Key("kvm", NOW))).hasValue(ANSWER);
  }

  @Test
  void writesButDoesNotReadWhenFresh() {
    cache.fresh().write(new ProbeCache.Key("kvm", NOW), ANSWER);

    assertThat(cache.fresh().read(new ProbeCache.Key("kvm", NOW))).isEmpty();
    assertThat(cache.read(new ProbeCache.Key("kvm", NOW))).hasValue(ANSWER);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 40, 49})
  void distrustsAFileThatWasCutOff(int length) throws IOException {
    cache.write(new ProbeCache.Key("kvm", NOW), ANSWER);
    Path file = directory.resolve("kvm");
    String whole = Files.readString(file);
    assertThat(whole).hasSizeGreaterThan(length + 1);
    Files.writeString(file, whole.substring(0, length));

    assertThat(cache.read(new ProbeCache.Key("kvm", NOW))).isEmpty();
  }

  @Test
  void distrustsAFileInWhichAnythingIsDifferent() throws IOException {
    cache.write(new ProbeCache.Key("tsc", NOW), List.of("2400000"));
    Path file = directory.resolve("tsc");
    Files.writeString(file, Files.readString(file).replace("2400000", "2500000"));

    assertThat(cache.read(new ProbeCache.Key("tsc", NOW))).isEmpty();
  }

  @Test
  void distrustsGarbage() throws IOException {
    cache.write(new ProbeCache.Key("kvm", NOW), ANSWER);
    Files.write(directory.resolve("kvm"), new byte[] {0, (byte) 0xFF, (byte) 0xC3, 10, 0x28});

    assertThat(cache.read(new ProbeCache.Key("kvm", NOW))).isEmpty();
  }

  @Test
  void worksWithoutAPlaceToWrite() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    ProbeCache unwritable = new ProbeCache(file.resolve("below"));

    unwritable.write(new ProbeCache.Key("kvm", NOW), ANSWER);

    assertThat(unwritable.read(new ProbeCache.Key("kvm", NOW))).isEmpty();
  }
}
