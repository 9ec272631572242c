package dev.topology.run.cable;

import dev.topology.model.Shaping;
import java.util.List;
import java.util.Optional;

/**
 * What is on a cable at one moment, at which nobody sends or takes anything. Times are in
 * nanoseconds from that moment on: less than 0 for what was before.
 *
 * @param inFlight the frames that wait in its sockets, in their order: for each of its socketpairs
 *     those that the near end is to read, then those of the far end
 * @param shaper what its shaper holds, if it has one
 * @param leftWaiting the frames that the switch at its left end has for it
 * @param rightWaiting likewise, at its right end
 */
public record CableState(
    List<List<byte[]>> inFlight,
    Optional<ShaperState> shaper,
    List<byte[]> leftWaiting,
    List<byte[]> rightWaiting) {

  /** What a shaper does, and holds. */
  public record ShaperState(
      Shaping shaping, DirectionState leftToRight, DirectionState rightToLeft) {}

  /**
   * What a shaper holds of one direction.
   *
   * @param chances how far each of its random sequences has come
   * @param lastSentIn when the last frame that came has left, or will have
   * @param travelling frames on their way, in the order in which they arrive
   * @param overtaking frames on their way without the delay, likewise
   * @param waiting frames that have arrived, and were not taken yet
   */
  public record DirectionState(
      List<Long> chances,
      long lastSentIn,
      List<Travelling> travelling,
      List<Travelling> overtaking,
      List<byte[]> waiting) {}

  /**
   * A frame on its way.
   *
   * @param sentIn when its last bit is on the cable
   * @param dueIn when it arrives
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Travelling(long sentIn, long dueIn, byte[] frame) {}
}
