package dev.topology.junit;

import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what helps to understand a failed test: for each node, a directory of a few files. */
final class Evidence {

  private final LaunchPlan plan;
  private final NodeLog log;

  Evidence(LaunchPlan plan, NodeLog log) {
    this.plan = plan;
    this.log = log;
  }

  /** Blocks for as long as it takes to copy the console logs. */
  void writeTo(Path directory) throws IOException {
    for (NodePlan node : plan.nodes()) {
      write(node, Files.createDirectories(directory.resolve(node.name())));
    }
  }

  private void write(NodePlan node, Path directory) throws IOException {
    copy(node.consoleLog(), directory.resolve("console.log"));
    if (node.kernelLog().isPresent()) {
      copy(node.kernelLog().get(), directory.resolve("kernel.log"));
    }
    Files.writeString(directory.resolve("command-line.sh"), commandLine(node) + "\n");
    Files.writeString(directory.resolve("outcome.txt"), log.stateOf(node.name()) + "\n");
  }

  /**
   * A node that was never started has no logs. The place may hold those of an earlier test run: the
   * directory that JUnit gives a test is the same each time.
   */
  private static void copy(Path log, Path to) throws IOException {
    if (Files.exists(log)) {
      Files.copy(log, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private String commandLine(NodePlan node) {
    return Stream.concat(Stream.of(plan.qemu().path().toString()), node.arguments().stream())
        .map(ShellWord::quote)
        .collect(Collectors.joining(" "));
  }
}
