package dev.topology.host;

import java.time.Duration;

/** Whether guests can use KVM here, as far as trying it tells. */
public sealed interface Kvm {

  /**
   * A guest ran on it, at a processor's speed.
   *
   * @param took from the start of QEMU to its end
   */
  record Proven(Duration took) implements Kvm {

    @Override
    public String reason() {
      return "a probe guest ran on it in " + took.toMillis() + " ms";
    }
  }

  /**
   * It cannot be used, or did not prove that it can.
   *
   * @param reason a clause for people: what was tried and how it failed
   * @param remedy what the user can do; whole sentences
   */
  record NotProven(String reason, String remedy) implements Kvm {}

  /** A clause for people: why it is not proven, or what proved it. */
  String reason();
}
