package dev.topology.run;

import dev.topology.model.Readiness.Condition;
import dev.topology.plan.NodePlan.ReadyWhen;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;

/** Says for people what a node's readiness waits for. */
final class Awaited {

  private Awaited() {}

  /** One clause: what has not happened. */
  static String describe(ReadyWhen ready) {
    Signal signal = ready.signal();
    if (signal instanceof Signal.Given given) {
      return describe(given.condition());
    }
    return signal instanceof Signal.Control
        ? "the guest did not say \"ready\" over its control port"
        : "the guest did not run";
  }

  private static String describe(Condition condition) {
    if (condition instanceof Condition.ConsoleText text) {
      return "nothing on its console matched /" + text.pattern().pattern() + "/";
    }
    if (condition instanceof Condition.OpenPort port) {
      return "nothing in the guest accepted a connection on port " + port.guestPort();
    }
    return "no byte came over channel \"" + ((Condition.ChannelByte) condition).channel() + "\"";
  }
}
