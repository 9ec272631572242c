package dev.topology.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** One thing the program can be told to do: what it takes, and what it does. */
interface Verb {

  /** Its name, options and help. Made anew by each call. */
  CommandSpec spec();

  /** What can be said after it: {@code image build}. */
  default List<Verb> parts() {
    return List.of();
  }

  /**
   * Does it. Blocks.
   *
   * @throws Exception for {@link Failure} to explain
   */
  ExitCode run(Invocation invocation) throws Exception;
}
