package dev.topology.run.cable;

import dev.topology.posix.Descriptor;
import dev.topology.posix.NativeBlock;
import dev.topology.run.cable.CableCounters.DirectionCounters;
import dev.topology.run.cable.CableCounters.Tally;
import dev.topology.run.cable.CableCounters.Tally.Count;

/**
 * Where a cable is plugged into a {@link FrameSwitch}. Only the switch moves frames; the rest is
 * thread-safe.
 */
final class SwitchPort {

  private int number;
  private final Descriptor socket;
  private final Runnable changed;
  private final FrameTap tap = new FrameTap();
  private final Tally fromCable = new Tally();
  private final Tally toCable = new Tally();
  private final Exit exit;
  private volatile boolean isUp = true;

  /**
   * @param number of the port in its switch, from 0 on
   * @param socket leads to the other end of the cable; stays its owner's
   * @param changed is told that the port is up or down
   */
  SwitchPort(int number, Descriptor socket, Runnable changed) {
    this.number = number;
    this.socket = socket;
    this.changed = changed;
    this.exit = new Exit(socket, toCable, tap);
  }

  int number() {
    return number;
  }

  /** Gives it another number, while no thread of the switch runs. */
  void renumber(int another) {
    number = another;
  }

  Descriptor socket() {
    return socket;
  }

  Exit exit() {
    return exit;
  }

  /** Whether frames come and go. */
  boolean isUp() {
    return isUp;
  }

  /**
   * Lets frames come and go from now on, or no more; what was learnt behind it is then forgotten.
   * Returns at once.
   */
  void setUp(boolean up) {
    isUp = up;
    changed.run();
  }

  /** A frame has come. */
  void came(NativeBlock memory, int offset, int length) {
    fromCable.add(Count.FRAMES);
    fromCable.add(Count.BYTES, length);
    tap.passes(memory, offset, length);
  }

  /** It goes to other ports. */
  void passedOn(int length) {
    fromCable.add(Count.DELIVERED_FRAMES);
    fromCable.add(Count.DELIVERED_BYTES, length);
  }

  /** It goes nowhere. */
  void dropped() {
    fromCable.add(Count.LOST);
  }

  /** Lets a frame out, which stays where it is until the exit is flushed. */
  void let(NativeBlock memory, int offset, int length) {
    if (isUp) {
      toCable.add(Count.FRAMES);
      toCable.add(Count.BYTES, length);
      exit.let(memory, offset, length);
    }
  }

  /** What has become of the frames that came from the cable. */
  DirectionCounters fromCable() {
    return fromCable.soFar();
  }

  /** What has become of the frames that were to go to the cable. */
  DirectionCounters toCable() {
    return toCable.soFar();
  }

  /** Sees what comes from the cable and goes to it. */
  FrameTap tap() {
    return tap;
  }
}
