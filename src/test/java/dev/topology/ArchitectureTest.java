package dev.topology;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the order of the packages: each may use those listed with it and no others, all of which
 * stand above it.
 */
class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.topology");

  /** A package, and those it may use. */
  record Room(String name, List<String> mayUse) {

    static Room room(String name, String... mayUse) {
      return new Room(name, List.of(mayUse));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** The table, from the top down. */
  static Stream<Room> rooms() {
    return Stream.of(
        Room.room("text"),
        Room.room("source", "text"),
        Room.room("model", "source"),
        Room.room("disk", "source", "model"),
        Room.room("language.value", "source", "model"),
        Room.room("language.document", "model", "language.value"),
        Room.room("language.yaml", "source", "language.value"),
        Room.room(
            "language.bind",
            "source",
            "model",
            "language.value",
            "language.document",
            "language.yaml"),
        Room.room(
            "language.load",
            "source",
            "model",
            "disk",
            "language.value",
            "language.document",
            "language.yaml",
            "language.bind"),
        Room.room("language.schema", "model", "language.value", "language.document"),
        Room.room("console", "text"),
        Room.room("plan.qemu", "text", "model", "console"),
        Room.room("plan.guest", "text", "model", "console"),
        Room.room("image.initramfs"),
        Room.room("image.erofs"),
        Room.room("plan", "text", "model", "disk", "plan.qemu", "plan.guest"),
        Room.room("posix"),
        Room.room("image", "source", "model", "console", "image.initramfs", "image.erofs", "posix"),
        Room.room("image.oci", "source", "model", "image.erofs", "image"),
        Room.room("host", "plan", "text", "model", "plan.qemu", "posix"),
        Room.room(
            "run.node",
            "text",
            "model",
            "console",
            "plan.qemu",
            "plan.guest",
            "image.initramfs",
            "plan",
            "posix"),
        Room.room("run.cable", "model", "plan.qemu", "plan", "posix", "run.node"),
        Room.room(
            "run.exec",
            "text",
            "model",
            "console",
            "plan.qemu",
            "plan.guest",
            "plan",
            "posix",
            "run.node"),
        Room.room("run.checkpoint", "model", "plan.qemu", "plan", "posix", "run.node", "run.cable"),
        allAbove(
            "run",
            "language.value",
            "language.document",
            "language.yaml",
            "language.bind",
            "language.load",
            "language.schema",
            "image",
            "image.oci",
            "host"),
        Room.room("snapshot", "text", "model", "plan", "posix", "image"),
        allAbove("launch"),
        Room.room(
            "control",
            "text",
            "model",
            "language.bind",
            "language.load",
            "posix",
            "console",
            "run.node",
            "run.cable",
            "run.exec",
            "run",
            "launch"),
        allAbove(
            "cluster",
            "disk",
            "language.value",
            "language.document",
            "language.yaml",
            "language.bind",
            "language.schema",
            "image.initramfs",
            "image.erofs",
            "image.oci",
            "snapshot"),
        allAbove(
            "suite",
            "cluster",
            "disk",
            "language.value",
            "language.document",
            "language.yaml",
            "language.bind",
            "language.load",
            "language.schema",
            "image.initramfs",
            "image.erofs",
            "image.oci",
            "snapshot",
            "posix"),
        Room.room("language.starter"),
        Room.room("language.format", "source", "model", "language.yaml", "language.load"),
        Room.room("language.containerlab", "source", "model", "language.value"),
        Room.room("graph", "model"),
        Room.room("cli.terminal", "text", "console", "posix"),
        allAbove("cli.report"),
        allAbove("cli"),
        Room.room(
            "junit",
            "text",
            "source",
            "model",
            "language.load",
            "plan",
            "console",
            "image",
            "host",
            "run.node",
            "run.cable",
            "run.exec",
            "run",
            "launch",
            "suite"));
  }

  private static final List<String> ORDER =
      List.of(
          "text",
          "source",
          "model",
          "disk",
          "language.value",
          "language.document",
          "language.yaml",
          "language.bind",
          "language.load",
          "language.schema",
          "console",
          "plan.qemu",
          "plan.guest",
          "image.initramfs",
          "image.erofs",
          "plan",
          "posix",
          "image",
          "image.oci",
          "host",
          "run.node",
          "run.cable",
          "run.exec",
          "run.checkpoint",
          "run",
          "snapshot",
          "launch",
          "control",
          "cluster",
          "suite",
          "language.starter",
          "language.format",
          "language.containerlab",
          "graph",
          "cli.terminal",
          "cli.report",
          "cli",
          "junit");

  private static Room allAbove(String name, String... but) {
    return new Room(
        name,
        ORDER.subList(0, ORDER.indexOf(name)).stream()
            .filter(room -> !Arrays.asList(but).contains(room))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void usesOnlyWhatItsRoomMay(Room room) {
    String[] allowed =
        Stream.concat(Stream.of(room.name()), room.mayUse().stream())
            .map(ArchitectureTest::within)
            .toArray(String[]::new);
    check(
        classes()
            .that()
            .resideInAPackage(within(room.name()))
            .should()
            .onlyDependOnClassesThat(
                or(resideOutsideOfPackage("dev.topology.."), resideInAnyPackage(allowed))));
  }

  @Test
  void everyClassIsInARoomOfTheTable() {
    String[] known = ORDER.stream().map(ArchitectureTest::within).toArray(String[]::new);
    check(classes().should().resideInAnyPackage(known));
    assertThat(rooms().map(Room::name)).containsExactlyElementsOf(ORDER);
  }

  @Test
  void hasNoCycles() {
    check(slices().matching("dev.topology.(**)").should().beFreeOfCycles());
  }

  @Test
  void onlyTheCommandLinePrintsAndExits() {
    check(outside("cli", "cli.terminal").should(ACCESS_STANDARD_STREAMS));
    check(outside("cli").should().callMethod(System.class, "exit", int.class));
    check(outside("cli").should().callMethod(Runtime.class, "exit", int.class));
    // The second signal to stop does not wait for anything.
    check(outside("cli", "cli.terminal").should().callMethod(Runtime.class, "halt", int.class));
    check(outside("cli").should().callMethod(Throwable.class, "printStackTrace"));
  }

  /** It looks for the mount point, which a chroot may not show. A {@code File} knows free space. */
  @Test
  void asksNoFileForItsStore() {
    check(noClasses().should().callMethod(Files.class, "getFileStore", Path.class));
  }

  @Test
  void keepsEachLibraryToItsRoom() {
    check(onlyIn(List.of("posix"), "jnr..", "com.kenai.."));
    check(onlyIn(List.of("junit"), "org.junit.."));
    check(onlyIn(List.of("cli"), "picocli.."));
    check(
        onlyIn(
            List.of("image.initramfs", "image", "image.oci", "run.exec"),
            "org.apache.commons.compress..",
            "org.tukaani.."));
    check(
        onlyIn(
            List.of("language.document", "language.bind", "language.schema"),
            "jakarta.validation.."));
    check(onlyIn(List.of("language.schema"), "com.fasterxml.jackson.dataformat.."));
    check(
        onlyIn(
            List.of("language.bind"), "org.hibernate..", "com.fasterxml.jackson.databind.deser.."));
    check(
        onlyIn(
            List.of(
                "text",
                "language.bind",
                "language.schema",
                "plan.qemu",
                "snapshot",
                "plan.guest",
                "host",
                "control",
                "cluster",
                "cli.report",
                "cli",
                "image.oci"),
            "com.fasterxml.jackson.."));
    check(onlyIn(List.of("graph"), "org.eclipse.."));
    check(
        onlyIn(List.of("language.yaml", "language.format", "language.containerlab"), "org.yaml.."));
    // Only to silence what a library would log.
    check(onlyIn(List.of("language.bind"), "java.util.logging.."));
  }

  /** What a guest prints has one way out: through the filter that makes these. */
  @Test
  void onlyTheConsoleMakesLinesOfWhatAGuestPrints() {
    check(
        outside("console")
            .should()
            .callConstructor(
                dev.topology.console.ConsoleLine.class, String.class, String.class, boolean.class));
  }

  private static ArchRule onlyIn(List<String> rooms, String... libraries) {
    return outside(rooms.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }

  private static GivenClassesConjunction outside(String... rooms) {
    String[] packages = Stream.of(rooms).map(ArchitectureTest::within).toArray(String[]::new);
    return noClasses().that().resideOutsideOfPackages(packages);
  }

  /** A room with rooms inside is that folder alone: those inside stand in the table themselves. */
  private static String within(String room) {
    return "dev.topology." + room;
  }

  /** Rooms that are not built yet have no classes, and break no rule. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }
}
