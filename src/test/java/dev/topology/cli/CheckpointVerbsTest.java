package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.launch.Checkpoints;
import dev.topology.snapshot.CheckpointDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** How checkpoints are refused, listed and removed; no guest runs. */
@Timeout(600)
@ResourceLock("signals")
class CheckpointVerbsTest {

  @TempDir private Path directory;
  private Place place;
  private final List<Process> programs = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    place = new Place(directory).withImage().withQemuThatWaits();
  }

  @AfterEach
  void tearDown() {
    programs.forEach(Process::destroyForcibly);
  }

  @Test
  void whatCannotBeSavedIsRefusedWithWhatToDo() throws Exception {
    assertRefused(
        "disks: [{size: 1GiB}]",
        "left has disks, which would not be saved with it; leave out \"disks\", or the node with"
            + " `topology up --only`");
    assertRefused("memory: 128MiB", "left is not ready yet; try again when `topology ps` says");
    assertThat(directory.resolve("cache/topology/checkpoints")).isEmptyDirectory();
  }

  private void assertRefused(String setting, String why) throws Exception {
    Process up = up("nodes: {left: {" + setting + "}, right: {}}");

    ProgramRun saving = place.run("checkpoint", "try");

    assertThat(saving.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(saving.err()).contains(why);
    assertThat(place.run("down").code()).isEqualTo(ExitCode.DONE);
    up.waitFor();
  }

  @Test
  void whatIsNoNameIsRefused() throws Exception {
    up("nodes: {left: {}}");
    for (String name : new String[] {"a/b", ".hidden", "", "two words", "-o"}) {
      ProgramRun saving = place.run("checkpoint", "--", name);
      assertThat(saving.code()).as(name).isEqualTo(ExitCode.WRONG_USAGE);
      assertThat(saving.err()).contains("\"" + name + "\" is not a name: use letters, digits,");
    }
    assertThat(place.run("checkpoint", "-o", "/").err())
        .contains("--output takes a directory that is not there yet");
    assertThat(place.run("checkpoint", "one", "-o", "two").err())
        .contains("give it a name, or a directory by --output, not both");
  }

  @Test
  void whatIsNoCheckpointIsNotReplaced() throws Exception {
    up("nodes: {left: {}}");
    Files.createDirectory(directory.resolve("full"));
    ProgramRun saving = place.run("checkpoint", "-o", "full", "--force");
    assertThat(saving.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(saving.err())
        .contains("/full is there already, and is no checkpoint")
        .contains("name a directory that is not there yet");
    Path saved = make("lab", "lab");
    assertThat(place.run("checkpoint").err())
        .contains(saved + " is there already", "or replace it with --force");
  }

  @Test
  void whatIsNotThereCannotBeBroughtBack() {
    assertThat(place.run("up", "--restore", "nothing"))
        .satisfies(
            it -> assertThat(it.code()).isEqualTo(ExitCode.UNFIT_HOST),
            it -> assertThat(it.err()).contains("there is no checkpoint ", "/checkpoints/nothing"));
    assertThat(place.run("up", "--restore", "nothing", "--only", "left").code())
        .isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(place.run("up", "--restore", "nothing", "--boot").err())
        .contains("--restore brings nodes back as they were, and boots none");
  }

  @Test
  void whoNamesADirectoryLikeACheckpointIsToldHow() throws Exception {
    Files.move(make("saved", "lab"), directory.resolve("saved"));
    assertThat(place.run("up", "--restore", "saved").err())
        .contains("/checkpoints/saved", "the one in this directory is ./saved");
    Path manifest = directory.resolve("saved/checkpoint.json");
    assertThat(place.run("up", "--restore", "./saved").err())
        .contains("cannot be used: its manifest");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("{\"format\"", "{\"text\":[\"\"],\"file\":[\"/\\u0000\"],\"format\""));
    assertThat(place.run("up", "--restore", "./saved").err())
        .contains("in its manifest, \"file\" is not the path of a file");
  }

  @Test
  void areListedAndRemovedByTheirNames() throws Exception {
    assertThat(place.run("cache", "list").err()).startsWith("nothing is saved yet in ");
    make("first", "lab");
    make("second", "web");
    Path damaged = make("third", "web").resolve("checkpoint.json");
    Files.writeString(damaged, "{");

    ProgramRun list = place.run("cache", "list");

    assertThat(list.code()).isEqualTo(ExitCode.DONE);
    assertThat(list.out().lines())
        .satisfiesExactly(
            it -> assertThat(it).matches("CHECKPOINT +TOPOLOGY +SIZE +MADE +DIRECTORY"),
            it -> assertThat(it).matches("first +lab +.* ago +/.*/checkpoints/first"),
            it -> assertThat(it).matches("second +web +.* ago +/.*/checkpoints/second"));
    assertThat(list.err())
        .contains("/checkpoints/third cannot be used: checkpoint.json is damaged")
        .contains("`topology cache remove third` removes it");

    assertThat(place.run("cache", "clear").out()).isEqualTo("removed 0 saved guests\n");
    assertThat(place.run("cache", "remove", "second", "frist").err())
        .contains("there is no checkpoint \"frist\"; did you mean first?");
    assertThat(place.run("cache", "remove", "first", "third"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "removed first\nremoved third\n", ""));
    assertThat(directory.resolve("cache/topology/checkpoints"))
        .isDirectoryContaining("glob:**/second")
        .isDirectoryNotContaining("glob:**/{.,}{first,third}*");
  }

  private Path make(String name, String topology) throws Exception {
    Path where = new Checkpoints(place.user()).place(name);
    CheckpointDirectory.make(
        where,
        /* replaces= */ false,
        work -> {
          Files.writeString(work.resolve("left.state"), "state");
          return Map.of("name", List.of(topology));
        });
    return where;
  }

  /** Brings a topology up in another process; returns when it can be asked. */
  private Process up(String yaml) throws Exception {
    Process up =
        place
            .program(List.of(), "up", place.file("lab.yaml", yaml))
            .redirectOutput(directory.resolve("up.out").toFile())
            .start();
    programs.add(up);
    await().until(this::listens);
    return up;
  }

  private boolean listens() throws ControlException {
    Optional<ControlClient> client = ControlClient.connect(place.user().runtime().resolve("lab"));
    client.ifPresent(ControlClient::close);
    return client.isPresent();
  }
}
