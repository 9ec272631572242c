package dev.topology.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.testing.ChildJvm;
import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class NativeLibraryTest {

  private static final byte[] CONTENT = "a library".getBytes(UTF_8);

  @TempDir private Path directory;

  @Test
  void isUnpackedOnceForItsOwnerAlone() throws Exception {
    Path place = directory.resolve("cache/topology/native");

    Path file = NativeLibrary.unpacked(place, CONTENT);
    Object first = Files.getAttribute(file, "unix:ino");
    NativeLibrary.unpacked(place, CONTENT);

    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(first);
    assertThat(permissions(place)).isEqualTo("rwx------");
    assertThat(files(place)).containsExactly(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a lib", "b library"})
  void isRepairedWhereItIsDamaged(String damaged) throws Exception {
    Path file = NativeLibrary.unpacked(directory.resolve("native"), CONTENT);
    Files.writeString(file, damaged);

    NativeLibrary.unpacked(directory.resolve("native"), CONTENT);

    assertThat(file).hasBinaryContent(CONTENT);
  }

  @Test
  void isNotTakenFromWhereOthersCouldPutIt() throws Exception {
    Path place = Files.createDirectory(directory.resolve("native"));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path file = Files.write(place.resolve("libjffi-1.2.so"), CONTENT);
    Object number = Files.getAttribute(file, "unix:ino");
    try (InputStream theirs = Files.newInputStream(file)) {
      NativeLibrary.unpacked(place, CONTENT);

      // Open, so that its number cannot be given to the new one.
      assertThat(theirs.readAllBytes()).isEqualTo(CONTENT);
      assertThat(permissions(place)).isEqualTo("rwx------");
      assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(number);
    }
  }

  /** A JVM of its own, whose user has no cache and calls the C library first of all. */
  @Test
  void isLoadedFromATemporaryDirectoryThatIsGoneAfterwards() throws Exception {
    Files.createDirectory(directory.resolve("tmp"));

    String output = call("/proc/nowhere", directory.resolve("tmp").toString());

    assertThat(output).isEqualTo("called\n");
    assertThat(files(directory.resolve("tmp"))).isEmpty();
  }

  @Test
  void isLoadedFromTheCacheAndLeavesNothingElsewhere() throws Exception {
    Files.createDirectory(directory.resolve("tmp"));

    String output =
        call(directory.resolve("cache").toString(), directory.resolve("tmp").toString());

    assertThat(output).isEqualTo("called\n");
    assertThat(files(directory.resolve("tmp"))).isEmpty();
    assertThat(directory.resolve("cache/topology/native/libjffi-1.2.so")).isRegularFile();
  }

  @Test
  void isLoadedFromElsewhereWhereCacheAndTemporaryDirectoryForbidPrograms() throws Exception {
    Path place = Files.createDirectory(directory.resolve("noexec"));

    assertThat(callWithout(place, place.toString())).isEqualTo("called\n");
  }

  @Test
  void saysInWordsWhyItIsLoadedFromNowhere() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    assumeThat(Stream.of("/tmp", "/var/tmp", "/dev/shm"))
        .as("the program is not below a directory that this test mounts over")
        .noneMatch(here::startsWith);
    Path place = Files.createDirectory(directory.resolve("noexec"));

    String output = callWithout(place, place + " /tmp /var/tmp /dev/shm");

    assertThat(output)
        .contains("cannot load the library for calls to the operating system from anywhere")
        .contains("  " + place + "/topology/native: no program may be run from there")
        .contains("  /dev/shm/", "mounted noexec");
  }

  /** In a mount name space in which no program in these places may be run. */
  private static String callWithout(Path place, String places) throws Exception {
    List<String> prefix =
        List.of(
            "unshare",
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            "for p in "
                + places
                + "; do mount -t tmpfs -o noexec none $p || exit; done; exec \"$@\"",
            "sh");
    Process trial = new ProcessBuilder(prefix).redirectErrorStream(true).start();
    String problem = new String(trial.getInputStream().readAllBytes(), UTF_8);
    return problem.isEmpty()
        ? call(prefix, place.toString(), place.toString())
        : Unavailable.because("no mount name space is to be had: " + problem);
  }

  private static String call(String cache, String temporary) throws Exception {
    return call(List.of(), cache, temporary);
  }

  private static String call(List<String> prefix, String cache, String temporary) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(ChildJvm.command(List.of("-Djava.io.tmpdir=" + temporary), Caller.class));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().retainAll(List.of("LANG", "PATH"));
    builder.environment().put("XDG_CACHE_HOME", cache);
    builder.environment().put("TMPDIR", temporary);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  /** Makes a socket pair. */
  static final class Caller {

    private Caller() {}

    public static void main(String[] arguments) throws IOException {
      SocketPair.stream().close();
      System.out.println("called");
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<Path> files(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.toList();
    }
  }
}
