package dev.topology.host;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Whether guests can use KVM here, as far as trying it tells. */
sealed interface Kvm {

  /**
   * A guest ran on it, at a processor's speed.
   *
   * @param took from the start of QEMU to its end
   * @param emulated the same by emulation; empty where this QEMU cannot emulate
   */
  record Proven(Duration took, Optional<Duration> emulated) implements Kvm {

    @Override
    public String reason() {
      String ran = "a probe guest ran on it in " + took.toMillis() + " ms";
      return emulated
          .map(other -> ran + String.format(Locale.ROOT, ", %.1f times as fast as", ratio(other)))
          .map(text -> text + " by emulation")
          .orElse(ran);
    }

    private double ratio(Duration other) {
      return (double) other.toNanos() / Math.max(1, took.toNanos());
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
