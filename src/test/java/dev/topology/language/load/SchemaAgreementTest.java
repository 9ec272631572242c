package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.ADDRESSES_EXHAUSTED;
import static dev.topology.source.DiagnosticId.ADDRESS_REUSED;
import static dev.topology.source.DiagnosticId.ADDRESS_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.BAD_KEY;
import static dev.topology.source.DiagnosticId.BAD_MERGE;
import static dev.topology.source.DiagnosticId.BAD_REGEX;
import static dev.topology.source.DiagnosticId.BAD_VARIABLE;
import static dev.topology.source.DiagnosticId.CABLE_NAME_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.CAPTURE_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.CMDLINE_TOO_LONG;
import static dev.topology.source.DiagnosticId.DEPENDENCY_CYCLE;
import static dev.topology.source.DiagnosticId.DUPLICATE_KEY;
import static dev.topology.source.DiagnosticId.EMPTY_FILE;
import static dev.topology.source.DiagnosticId.FILES_NEED_MEMORY;
import static dev.topology.source.DiagnosticId.GUEST_PORT_FORWARDED_TWICE;
import static dev.topology.source.DiagnosticId.HALF_ADDRESSED;
import static dev.topology.source.DiagnosticId.HOST_FILE;
import static dev.topology.source.DiagnosticId.HOST_INTERFACE;
import static dev.topology.source.DiagnosticId.HOST_NETWORK_OVERLAP;
import static dev.topology.source.DiagnosticId.HOST_PORT_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.INTERFACE_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.MAC_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.MISSING_KERNEL;
import static dev.topology.source.DiagnosticId.NEEDS_DELAY;
import static dev.topology.source.DiagnosticId.NEEDS_HOST_NETWORK;
import static dev.topology.source.DiagnosticId.NEEDS_OUTSIDE;
import static dev.topology.source.DiagnosticId.NODE_NAME_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.NOT_SHAPED;
import static dev.topology.source.DiagnosticId.NOT_TEXT;
import static dev.topology.source.DiagnosticId.NO_NAME;
import static dev.topology.source.DiagnosticId.NO_SUCH_FILE;
import static dev.topology.source.DiagnosticId.OVERSIZED;
import static dev.topology.source.DiagnosticId.PATTERN_TOO_SMALL;
import static dev.topology.source.DiagnosticId.RECURSIVE_ALIAS;
import static dev.topology.source.DiagnosticId.SECOND_DOCUMENT;
import static dev.topology.source.DiagnosticId.SEVERAL_NODES;
import static dev.topology.source.DiagnosticId.SMALL_MEMORY;
import static dev.topology.source.DiagnosticId.SUBNETS_DIFFER;
import static dev.topology.source.DiagnosticId.SYNTAX;
import static dev.topology.source.DiagnosticId.TOO_DEEP;
import static dev.topology.source.DiagnosticId.TOO_LARGE;
import static dev.topology.source.DiagnosticId.TOO_MANY_ALIASES;
import static dev.topology.source.DiagnosticId.TOO_MANY_INTERFACES;
import static dev.topology.source.DiagnosticId.UNKNOWN_ALIAS;
import static dev.topology.source.DiagnosticId.UNKNOWN_CHANNEL;
import static dev.topology.source.DiagnosticId.UNKNOWN_GROUP;
import static dev.topology.source.DiagnosticId.UNKNOWN_NODE;
import static dev.topology.source.DiagnosticId.UNREACHABLE_GATEWAY;
import static dev.topology.source.DiagnosticId.UNREADABLE_FILE;
import static dev.topology.source.DiagnosticId.UNSET_VARIABLE;
import static dev.topology.source.DiagnosticId.UNSUPPORTED_TAG;
import static dev.topology.source.DiagnosticId.UNUSED_GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.language.load.EditorSchema.Objection;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The schema and the loader agree on every file of the corpus, on all that a schema can say. What a
 * schema could in principle say but ours does not is listed in {@code corpus/beyond-schema.txt}: it
 * takes arithmetic, or the difference between {@code 12} and {@code 012}, which editors do not see.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaAgreementTest {

  private static final Path BEYOND = Path.of("src/test/resources/corpus/beyond-schema.txt");

  /** Editors find these before they come to the schema, if they can be found in the file at all. */
  private static final Set<DiagnosticId> BEFORE_ANY_SCHEMA =
      EnumSet.of(
          NO_SUCH_FILE,
          UNREADABLE_FILE,
          TOO_LARGE,
          NOT_TEXT,
          EMPTY_FILE,
          SYNTAX,
          SECOND_DOCUMENT,
          TOO_DEEP,
          BAD_KEY,
          UNKNOWN_ALIAS,
          RECURSIVE_ALIAS,
          TOO_MANY_ALIASES,
          BAD_MERGE);

  /** A schema looks at one value at a time, as it is written, and never at the host. */
  private static final Set<DiagnosticId> INEXPRESSIBLE =
      EnumSet.of(
          DUPLICATE_KEY,
          SEVERAL_NODES,
          PATTERN_TOO_SMALL,
          NODE_NAME_TAKEN_TWICE,
          CMDLINE_TOO_LONG,
          UNSUPPORTED_TAG,
          UNSET_VARIABLE,
          BAD_VARIABLE,
          OVERSIZED,
          BAD_REGEX,
          UNKNOWN_NODE,
          UNKNOWN_GROUP,
          UNKNOWN_CHANNEL,
          UNUSED_GROUP,
          DEPENDENCY_CYCLE,
          NO_NAME,
          CABLE_NAME_TAKEN_TWICE,
          INTERFACE_TAKEN_TWICE,
          HOST_INTERFACE,
          TOO_MANY_INTERFACES,
          MAC_TAKEN_TWICE,
          ADDRESS_TAKEN_TWICE,
          ADDRESS_REUSED,
          HALF_ADDRESSED,
          SUBNETS_DIFFER,
          HOST_NETWORK_OVERLAP,
          ADDRESSES_EXHAUSTED,
          CAPTURE_TAKEN_TWICE,
          NOT_SHAPED,
          NEEDS_DELAY,
          HOST_PORT_TAKEN_TWICE,
          GUEST_PORT_FORWARDED_TWICE,
          NEEDS_HOST_NETWORK,
          NEEDS_OUTSIDE,
          MISSING_KERNEL,
          UNREACHABLE_GATEWAY,
          SMALL_MEMORY,
          FILES_NEED_MEMORY,
          HOST_FILE);

  private final TopologyLoader loader = new TopologyLoader();
  private final EditorSchema schema = new EditorSchema();

  static List<Path> good() throws IOException {
    try (Stream<Path> examples = Files.list(Path.of("topologies"))) {
      return Stream.concat(
              CorpusTest.good().stream(),
              examples.filter(it -> it.toString().endsWith(".yaml")).sorted())
          .toList();
    }
  }

  List<Path> bad() throws IOException {
    return CorpusTest.bad().stream().filter(this::isDocument).toList();
  }

  private boolean isDocument(Path file) {
    return diagnostics(file).stream().map(Diagnostic::id).noneMatch(BEFORE_ANY_SCHEMA::contains);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("good")
  void findsNothingInGoodFile(Path file) throws IOException {
    assertThat(schema.judge(read(file))).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void findsNothingThatTheLoaderDoesNot(Path file) throws IOException {
    Set<Integer> known = lines(diagnostics(file));

    assertThat(schema.judge(read(file)))
        .allSatisfy(it -> assertThat(it.lines()).as(it.message()).containsAnyElementsOf(known));
  }

  @Test
  void findsAllThatASchemaCan() throws IOException {
    StringBuilder missed = new StringBuilder();
    for (Path file : bad()) {
      Set<Integer> found =
          schema.judge(read(file)).stream()
              .map(Objection::lines)
              .flatMap(Set::stream)
              .collect(Collectors.toSet());
      diagnostics(file).stream()
          .filter(it -> it.isError() && !INEXPRESSIBLE.contains(it.id()))
          .filter(it -> !found.contains(it.location().start().line()))
          .forEach(it -> missed.append(line(file, it)));
    }
    Golden.assertMatches(BEYOND, missed.toString());
  }

  private static String line(Path file, Diagnostic it) {
    return file.getFileName()
        + ":"
        + it.location().start().line()
        + ": "
        + it.id()
        + ": "
        + it.message()
        + "\n";
  }

  private static Set<Integer> lines(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(it -> it.location().start().line()).collect(Collectors.toSet());
  }

  private List<Diagnostic> diagnostics(Path file) {
    try {
      return CorpusHost.load(loader, file).diagnostics();
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }

  private static EditorYaml read(Path file) throws IOException {
    return EditorYaml.read(Files.readString(file));
  }
}
