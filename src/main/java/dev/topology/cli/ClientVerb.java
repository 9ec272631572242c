package dev.topology.cli;

import dev.topology.control.ControlClient;

/**
 * A verb that asks topologies which run in other processes. People run these in loops: they load
 * little, and leave nothing behind that would have to be ended with the JVM.
 */
interface ClientVerb extends Verb {

  @Override
  default void prepare() {
    ControlClient.prepare();
  }
}
