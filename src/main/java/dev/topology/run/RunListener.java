package dev.topology.run;

import dev.topology.console.ConsoleRecord;

/**
 * Hears of a run. Called by the run's own thread, or by one that did something to a node or cable,
 * one call at a time; a call must return soon and must not wait for the run.
 */
public interface RunListener {

  /** A listener that does nothing. */
  RunListener SILENT = new RunListener() {};

  /** A node's console is about to be read; nothing has been printed on it yet. */
  default void opened(ConsoleRecord console) {}

  /** Something happened. */
  default void happened(RunEvent event) {}
}
