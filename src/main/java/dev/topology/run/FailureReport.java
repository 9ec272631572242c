package dev.topology.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The first failure of a run, with what is needed to understand it.
 *
 * @param node the name of the node that failed
 * @param cause what happened
 * @param after since the node's guest ran, or since its QEMU was spawned where it never did
 * @param consoleTail the last lines of its console, oldest first
 * @param stderr what its QEMU wrote to standard error and output; may be empty
 * @param consoleLog all of its console; absolute
 * @param commandLine the QEMU program and its exact arguments
 */
public record FailureReport(
    String node,
    FailureCause cause,
    Duration after,
    List<String> consoleTail,
    String stderr,
    Path consoleLog,
    List<String> commandLine) {

  public FailureReport {
    consoleTail = List.copyOf(consoleTail);
    commandLine = List.copyOf(commandLine);
  }
}
