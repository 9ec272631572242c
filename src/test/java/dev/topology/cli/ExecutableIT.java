package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one file that {@code mvn package} leaves, run as its users run it. */
@Timeout(600)
class ExecutableIT {

  private static final Path BUILT = Path.of("target", "topology").toAbsolutePath();

  private static final String PATH =
      Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin";

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private Path executable;
  private Path cache;

  /** How a process ended and what it wrote. */
  record Ended(int status, String out, String err) {}

  @BeforeEach
  void setUp() throws IOException {
    executable = copy(directory.resolve("bin/topology"));
    cache = directory.resolve("cache");
    environment.put("PATH", PATH);
    // No cache, so that no archive is being made when a test is over: see useCache.
    environment.put("XDG_CACHE_HOME", "/proc/nowhere");
  }

  private void useCache() {
    environment.put("XDG_CACHE_HOME", cache.toString());
  }

  @Test
  void startsUnderConcurrencyWithAnEmptyCacheAndMakesOneArchive() throws Exception {
    useCache();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start("--version"));
    }
    for (Process process : processes) {
      Ended ended = end(process);
      assertThat(ended).isEqualTo(new Ended(0, ended.out(), ""));
      assertThat(ended.out()).matches("topology \\d+\\.\\d+\\.\\d+.*\n");
    }

    Path archive = awaitArchive();

    assertThat(archive.toString()).startsWith(cache + "/topology/classes" + executable);
    assertThat(files(cache.resolve("topology/classes")))
        .containsExactlyInAnyOrder(archive, archive.resolveSibling("topology.jar"));
  }

  @Test
  void takesItsClassesFromTheArchive() throws Exception {
    useCache();
    run("--version");
    awaitArchive();
    Path log = directory.resolve("classes.log");
    environment.put("_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);

    assertThat(run("validate", "missing.yaml").status()).isEqualTo(2);

    assertThat(Files.readAllLines(log))
        .anyMatch(line -> line.contains("picocli.CommandLine source: shared objects file"))
        .anyMatch(line -> line.contains("load.TopologyLoader source: shared objects file"));
  }

  /**
   * The build makes them. What Java finds wrong with one shows when it is initialised. Those of the
   * JUnit extension need JUnit, which the executable has not.
   */
  @Test
  void hasAClassForEachLambdaThatMayDoWhatTheLambdaDid() throws Exception {
    try (ZipFile jar = new ZipFile(BUILT.toFile());
        URLClassLoader classes =
            new URLClassLoader(
                new URL[] {BUILT.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      List<String> lambdas =
          jar.stream()
              .map(entry -> entry.getName().replace('/', '.'))
              .filter(name -> name.matches("dev\\.topology\\.(?!junit).*\\$\\$Lambda\\d+\\.class"))
              .map(name -> name.substring(0, name.length() - ".class".length()))
              .toList();

      assertThat(lambdas).hasSizeGreaterThan(1000);
      for (String lambda : lambdas) {
        Class<?> owner = classes.loadClass(lambda.substring(0, lambda.indexOf("$$Lambda")));
        assertThat(Class.forName(lambda, true, classes).isNestmateOf(owner)).isTrue();
      }
    }
  }

  @Test
  void makesANewArchiveForANewBuildAndRemovesTheOld() throws Exception {
    useCache();
    run("--version");
    Path old = awaitArchive();
    Files.setLastModifiedTime(executable, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));

    run("--version");

    await().atMost(Duration.ofMinutes(10)).until(() -> Files.notExists(old.getParent()));
    assertThat(awaitArchive()).isNotEqualTo(old);
  }

  @Test
  void removesArchivesOfFilesThatAreGone() throws Exception {
    useCache();
    Path orphan = cache.resolve("topology/classes/gone/topology/1-2/topology.jar");
    Files.createDirectories(orphan.getParent());
    Files.createFile(orphan);

    run("--version");

    await().atMost(Duration.ofMinutes(10)).until(() -> Files.notExists(orphan));
    awaitArchive();
  }

  @Test
  void isNotHeldUpByTheLockOfAMakerThatDied() throws Exception {
    useCache();
    run("--version");
    Path archive = awaitArchive();
    Files.delete(archive);
    Files.writeString(archive.resolveSibling("lock"), "999999999\n");

    run("--version");
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> Files.notExists(archive.resolveSibling("lock")));
    run("--version");

    assertThat(awaitArchive().getParent()).isEqualTo(archive.getParent());
  }

  @Test
  void makesAnArchiveThatIsDamagedAnew() throws Exception {
    useCache();
    run("--version");
    Path archive = awaitArchive();
    try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(archive) / 2);
    }

    assertThat(run("--version")).extracting(Ended::status, Ended::err).containsExactly(0, "");

    await().atMost(Duration.ofMinutes(10)).until(() -> Files.notExists(archive));
    awaitArchive();
  }

  @Test
  void makesACopyThatIsDamagedAnew() throws Exception {
    useCache();
    run("--version");
    Path copy = awaitArchive().resolveSibling("topology.jar");
    Files.writeString(copy, "no jar");

    assertThat(run("--version")).extracting(Ended::status, Ended::err).containsExactly(0, "");
    assertThat(copy).hasSameBinaryContentAs(executable);
  }

  /** As a build does that writes its result in place. */
  @Test
  void goesOnRunningWhenItsFileIsWrittenOver() throws Exception {
    useCache();
    environment.put("TOPOLOGY_QEMU", "/nowhere");
    Process process = start("validate", "-");
    await()
        .until(
            () ->
                files(cache.resolve("topology/classes")).stream()
                    .anyMatch(it -> it.endsWith("topology.jar")));
    byte[] program = Files.readAllBytes(executable);
    Files.write(executable, new byte[9000]);
    Files.write(executable, program, StandardOpenOption.APPEND);

    try (OutputStream file = process.getOutputStream()) {
      file.write("nodes: {a: {memory: 1TiB, ports: [80]}, b: {}}".getBytes(UTF_8));
    }

    Ended ended = end(process);
    assertThat(ended.status()).describedAs(ended.err()).isLessThan(3);
  }

  @Test
  void runsFromAPathWithSpacesAndThroughALink() throws Exception {
    useCache();
    executable = copy(directory.resolve("a directory/to pology"));
    assertThat(run("--version").status()).isZero();
    Path archive = awaitArchive();
    assertThat(archive.toString()).contains("a directory/to pology/");

    executable = Files.createSymbolicLink(directory.resolve("link"), executable);
    assertThat(run("validate", "missing.yaml").status()).isEqualTo(2);
    await().atMost(Duration.ofMinutes(10)).until(() -> archives().size() == 2);
  }

  @Test
  void doesWithoutACache() throws Exception {
    assertThat(run("--version")).extracting(Ended::status, Ended::err).containsExactly(0, "");

    environment.remove("XDG_CACHE_HOME");
    assertThat(run("--version")).extracting(Ended::status, Ended::err).containsExactly(0, "");
  }

  @ParameterizedTest
  @CsvSource({"TERM, dumb", "LC_ALL, C", "LC_CTYPE, POSIX", "LANG, xx_XX.UTF-8"})
  void takesPathsOfAnyLettersInEveryLocale(String variable, String value) throws Exception {
    environment.put(variable, value);
    environment.put("TOPOLOGY", executable.toString());
    // In octal, because this JVM may run in such a locale itself.
    String script =
        """
        d=$(printf 'l\\303\\244b'); mkdir "$d"; printf 'name: loc\\nnodes:\\n  a: {}\\n' >"$d/x.yaml"
        "$TOPOLOGY" validate "$d/x.yaml" "$PWD/$d/x.yaml" && cd "$d" && "$TOPOLOGY" validate x.yaml
        echo $?; "$TOPOLOGY" validate none.yaml
        """;

    Ended ended = end(builder("sh", "-c", script).start());

    assertThat(ended.out()).contains("\n0\nnone.yaml: error[no-such-file]", "/l\u00e4b\n");
  }

  @Test
  void exitsAsTheProgramDoes() throws Exception {
    assertThat(run("validate", "missing.yaml").status()).isEqualTo(2);
    assertThat(run("frobnicate").err()).startsWith("topology: there is no command");
  }

  /** The libraries that arrange nodes find much by name, which a jar cut to size may lack. */
  @Test
  void drawsATreeAndAGraphThatIsNone() throws Exception {
    assertThat(drawing("[[a, b], [a, c], [b, d], [c, e]]")).contains("class=\"cable\"");
    assertThat(drawing("[[a, b], [b, c], [c, a], [c, d], [d, e]]")).contains("class=\"cable\"");
  }

  private String drawing(String cables) throws Exception {
    Path file = directory.resolve("drawn.yaml");
    Files.writeString(file, "nodes: {a: {}, b: {}, c: {}, d: {}, e: {}}\ncables: " + cables);
    Ended ended = run("graph", file.toString());
    assertThat(ended.status()).describedAs(ended.err()).isZero();
    return ended.out();
  }

  @Test
  void endsQuietlyWhenNobodyReadsItsOutput() throws Exception {
    environment.put("TOPOLOGY", executable.toString());

    Ended ended = end(builder("sh", "-c", "\"$TOPOLOGY\" completion bash | head -c 10").start());

    assertThat(ended).isEqualTo(new Ended(0, "# What can", ""));
  }

  @Test
  void saysWhichJavaItNeeds() throws Exception {
    environment.put("TOPOLOGY_JAVA", "/nowhere/java");
    Ended ended = run("--version");
    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.err()).contains("needs Java 17", "/nowhere/java is not there", "apt-get");

    environment.put("TOPOLOGY_JAVA", oldJava().resolve("bin/java").toString());
    assertThat(run("--version").err()).contains("/bin/java is 11.0.2");
  }

  @Test
  void passesOverAJavaThatIsTooOld() throws Exception {
    environment.put("JAVA_HOME", oldJava().toString());

    assertThat(run("--version")).extracting(Ended::status, Ended::err).containsExactly(0, "");
  }

  private Path oldJava() throws IOException {
    Path home = directory.resolve("old");
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"11.0.2\"\n");
    Path java = home.resolve("bin/java");
    if (Files.notExists(java)) {
      Files.writeString(java, "#!/bin/sh\nexit 1\n");
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return home;
  }

  /** The one archive, once it is there and nothing else is. */
  private Path awaitArchive() {
    return await()
        .atMost(Duration.ofMinutes(10))
        .until(
            () -> files(cache.resolve("topology/classes")),
            it -> it.size() == 2 && it.stream().filter(ExecutableIT::isArchive).count() == 1)
        .stream()
        .filter(ExecutableIT::isArchive)
        .findFirst()
        .orElseThrow();
  }

  private List<Path> archives() throws IOException {
    return files(cache.resolve("topology/classes")).stream()
        .filter(ExecutableIT::isArchive)
        .toList();
  }

  private static boolean isArchive(Path file) {
    return file.toString().endsWith(".jsa");
  }

  private static Path copy(Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(BUILT, to);
    return Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static List<Path> files(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException removedMeanwhile) {
      return List.of();
    }
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    return end(start(arguments));
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of(arguments));
    return builder(command.toArray(String[]::new)).start();
  }

  private ProcessBuilder builder(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  private static Ended end(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, err);
  }
}
