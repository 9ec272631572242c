package dev.topology.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.NodePlan;
import dev.topology.plan.PlanText;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.qemu.QemuOption.Properties;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.testing.TestHost;
import dev.topology.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A text stays a text: whatever is in it, the program that reads what is rendered gets it back as
 * it was. Read by shells, by QEMU and by a guest, not by our own code.
 */
class NoInjectionTest {

  private final List<String> texts = HostileTexts.ALL;

  @TempDir Path directory;

  @Test
  void aShellReadsWordsBackAsTheyWere() throws Exception {
    String words = texts.stream().map(ShellWord::quote).collect(Collectors.joining(" "));

    assertThat(printed(words)).isEqualTo(texts);
    assertThat(printed(String.join(" \\\n  ", PlanText.optionLines(texts)))).isEqualTo(texts);
  }

  /** What a shell makes of words: the arguments that a program then gets. */
  private List<String> printed(String words) throws Exception {
    Path script = Files.writeString(directory.resolve("script"), "printf '%s\\0' " + words + "\n");
    return split(output(List.of("/bin/sh", script.toString())));
  }

  /**
   * The snippet of {@code plan --format shell}, with a program for QEMU that tells its arguments.
   */
  @Test
  void aPastedPlanGivesQemuTheArgumentsOfThePlan() throws Exception {
    Path out = directory.resolve("arguments");
    Path teller = directory.resolve("it's, a \"QEMU\" $HOME");
    Files.writeString(teller, "#!/bin/sh\nprintf '%s\\0' \"$@\" >'" + out + "'\n");
    assertThat(teller.toFile().setExecutable(true)).isTrue();
    GuestFacts here = TestHost.guests();
    HostFacts facts =
        HostFacts.of(
            TestHost.architecture(),
            new GuestFacts(
                new QemuBinary(teller, "7.2", true),
                here.kvm(),
                here.tscKhz(),
                here.images(),
                here.confinement(),
                Map.of(),
                Optional.empty()));
    Topology topology =
        TopologyBuilder.named("pasted")
            .node("a", node -> node.command(texts).qemuArgs(texts.toArray(String[]::new)))
            .build();
    Node node = topology.nodes().get(0);
    assertThat(node.qemuArgs()).isEqualTo(texts);
    PlanOptions options = new PlanOptions(directory.resolve("run, 'dir'"));

    var plan = Planner.standalone(topology, facts, options, node);
    Path script = Files.writeString(directory.resolve("snippet"), plan.script());
    output(List.of("/bin/sh", script.toString()));

    List<String> told = split(Files.readAllBytes(out));
    NodePlan its = plan.node();
    assertThat(told).hasSameSizeAs(its.arguments());
    for (int at = 0; at < told.size(); at++) {
      String expected = its.arguments().get(at);
      if (expected.indexOf('\0') < 0) {
        assertThat(told.get(at)).isEqualTo(expected);
      }
    }
    assertThat(told.subList(told.size() - texts.size(), told.size())).isEqualTo(texts);
  }

  /** QEMU keeps the data of an object of type secret, and tells it. */
  @Test
  void qemuReadsPropertiesBackAsTheyWere() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                TestHost.guests().qemu().path().toString(),
                "-M",
                "none",
                "-nodefaults",
                "-nographic",
                "-qmp",
                "stdio"));
    ObjectMapper json = new ObjectMapper();
    StringBuilder questions = new StringBuilder("{\"execute\": \"qmp_capabilities\"}\n");
    for (int at = 0; at < texts.size(); at++) {
      command.add("-object");
      command.add(
          Properties.of("secret").with("id", "s" + at).with("data", texts.get(at)).toString());
      questions.append(
          "{\"execute\": \"qom-get\", \"arguments\": {\"path\": \"/objects/s%d\", \"property\": \"data\"}}\n"
              .formatted(at));
    }
    questions.append("{\"execute\": \"quit\"}\n");
    Path input = Files.writeString(directory.resolve("questions"), questions);

    Process qemu =
        new ProcessBuilder(command).redirectInput(input.toFile()).redirectErrorStream(true).start();
    List<String> answers = new ArrayList<>();
    for (String line : new String(qemu.getInputStream().readAllBytes(), UTF_8).split("\n", -1)) {
      if (line.startsWith("{\"return\": \"")) {
        answers.add(json.readTree(line).path("return").asText());
      } else {
        assertThat(line).doesNotContain("error");
      }
    }

    assertThat(qemu.waitFor()).isZero();
    assertThat(answers).isEqualTo(texts);
  }

  /** Over the control port, through init's hands, to a program of the guest. */
  @Test
  void aGuestRunsItsCommandWithTheArgumentsThatAreWritten() throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("/bin/sh", "-c", "printf '%s\\0' \"$@\" | sha256sum", "x"));
    arguments.addAll(texts);
    Topology topology =
        TopologyBuilder.named("hashed")
            .node("a", node -> node.hostNetwork(false).command(arguments))
            .build();
    PlanOptions options = new PlanOptions(Files.createDirectory(directory.resolve("run")));
    try (RunningTopology run =
        RunningTopology.start(
            Planner.plan(topology, TestHost.facts(), options), RunListener.SILENT)) {
      assertThat(run.awaitOutcome(Duration.ofMinutes(2))).isEqualTo(new TopologyOutcome.Done());
    }
    byte[] all = texts.stream().map(it -> it + "\0").collect(Collectors.joining()).getBytes(UTF_8);
    Path file = Files.write(directory.resolve("expected"), all);
    String hash = new String(output(List.of("sha256sum", file.toString())), UTF_8).split(" ", 2)[0];
    assertThat(directory.resolve("run/a.console")).content().contains(hash);
  }

  private static List<String> split(byte[] printed) {
    String text = new String(printed, UTF_8);
    return List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }

  private static byte[] output(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as(() -> new String(read(process), UTF_8)).isZero();
    return output;
  }

  private static byte[] read(Process process) {
    try {
      return process.getErrorStream().readAllBytes();
    } catch (IOException e) {
      return e.toString().getBytes(UTF_8);
    }
  }
}
