package dev.topology.run.node;

/**
 * Why QEMU ended by itself with status 0, as its event {@code SHUTDOWN} tells: ShutdownCause in
 * qapi/run-state.json.
 */
public enum GuestEnd {
  /** Its guest switched the machine off. */
  POWER_OFF("powered off"),
  /** Its guest, or a crash of its guest, reset the machine, which ends QEMU with -no-reboot. */
  RESET("reset itself"),
  /** Somebody other than this program asked QEMU to end, by a signal or its monitor. */
  FROM_OUTSIDE("was ended from outside"),
  /** QEMU said nothing. */
  UNKNOWN("ended");

  private final String verb;

  GuestEnd(String verb) {
    this.verb = verb;
  }

  static GuestEnd of(String reason) {
    return switch (reason) {
      case "guest-shutdown" -> POWER_OFF;
      case "guest-reset", "guest-panic" -> RESET;
      case "host-signal", "host-qmp-quit", "host-ui" -> FROM_OUTSIDE;
      default -> UNKNOWN;
    };
  }

  /** What the guest did, for people: {@code powered off}. */
  public String verb() {
    return verb;
  }
}
