package dev.topology.junit;

import dev.topology.launch.Launcher;
import dev.topology.launch.Preparation;

/** How far an order could be taken before anything is started. */
sealed interface Prepared {

  /** It can be started, as often as need be. */
  record Startable(Launcher launcher, Preparation preparation) implements Prepared {}

  /**
   * This host cannot run it.
   *
   * @param reason why, and what can be done about it
   */
  record Unfit(String reason, Exception cause) implements Prepared {}
}
