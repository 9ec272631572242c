package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.console.Expectation.Match;
import dev.topology.console.Mark;
import dev.topology.junit.NodeNamed;
import dev.topology.junit.WithTopology;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningNode;
import dev.topology.run.exec.CommandResult;
import dev.topology.run.node.Console;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Talking to a guest: by typing on its console, and by running commands apart from it. */
@WithTopology(method = "alone", kernelLogApart = true)
class ConsoleTest {

  /** A node without a command: its console is a shell's. */
  static Topology alone() {
    return TopologyBuilder.named("alone").node("box", node -> node.memory("128MiB")).build();
  }

  @Test
  void answersWhatIsTyped(@NodeNamed("box") RunningNode box) throws Exception {
    Console console = box.console();
    Mark before = console.mark();

    console.sendLine("echo six times seven is $((6 * 7))");

    Match answer = console.from(before).expect(Pattern.compile("seven is (\\d+)"));
    assertThat(answer.groups()).containsExactly("42");
  }

  @Test
  void runsCommandsBesideItsConsole(@NodeNamed("box") RunningNode box) throws Exception {
    CommandResult name = box.shell().run("hostname").expectSuccess();

    assertThat(name.output()).isEqualTo("box");
    assertThat(box.shell().run("exit 4").status()).isEqualTo(4);
  }
}
