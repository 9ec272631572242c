package dev.topology.cli;

import dev.topology.control.ControlClient;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** One command of the program, without its name: its arguments, its help, and what it does. */
interface Verb {

  /** Its options and help. Made anew by each call. */
  CommandSpec spec();

  /** What can be said after it: {@code build} after {@code image}. */
  default List<Part> parts() {
    return List.of();
  }

  /** A verb, and the word by which it is named after another. */
  record Part(String name, Verb verb) {}

  /** Begins, on threads of its own, to load what takes long. Returns at once. */
  default void prepare() {}

  /** Whether what follows its first argument is another program's, options and all. */
  default boolean takesCommand() {
    return false;
  }

  /**
   * Does it. Blocks.
   *
   * @throws Exception for {@link Failure} to explain
   */
  ExitCode run(Invocation invocation) throws Exception;

  /**
   * A verb that asks topologies which run in other processes. People run these in loops, so they
   * load little. They start nothing that would have to be ended with the JVM.
   */
  interface ClientVerb extends Verb {

    @Override
    default void prepare() {
      ControlClient.prepare();
    }
  }
}
