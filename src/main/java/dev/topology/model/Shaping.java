package dev.topology.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a shaper does to the frames on a cable, in either direction alike. Each frame is lost or
 * not; then waits for the rate, unless the queue is full; then travels for as long as the delay.
 *
 * @param delay how long a frame travels, up to a minute
 * @param jitter by how much at most it travels longer or shorter, evenly spread, at most the delay;
 *     frames keep their order all the same
 * @param loss how many frames vanish
 * @param duplicate how many frames arrive twice
 * @param corrupt how many frames have a bit flipped
 * @param reorder how many frames travel without the delay, and so overtake those before them
 * @param rate how much is carried in a second; without one, as much as comes
 * @param queue how many bytes may wait for the rate; a frame for which there is no room is dropped.
 *     Without one, what the rate carries in a tenth of a second, and 64 KiB at least
 */
public record Shaping(
    Duration delay,
    Duration jitter,
    Share loss,
    Share duplicate,
    Share corrupt,
    Share reorder,
    Optional<BitRate> rate,
    Optional<Memory> queue) {

  /** The longest delay. */
  public static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /** The longest queue. */
  public static final Memory LONGEST_QUEUE = Memory.ofMebibytes(64);

  /** Frames come out as they went in. */
  public static final Shaping NONE =
      new Shaping(
          Duration.ZERO,
          Duration.ZERO,
          Share.NONE,
          Share.NONE,
          Share.NONE,
          Share.NONE,
          Optional.empty(),
          Optional.empty());

  public Shaping {
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException("a delay is from 0 to a minute: " + text(delay));
    }
    if (jitter.isNegative() || jitter.compareTo(delay) > 0) {
      throw new IllegalArgumentException(
          "a jitter is at most as long as the delay: " + text(jitter) + ", " + text(delay));
    }
    if (queue.isPresent() && queue.get().bytes() > LONGEST_QUEUE.bytes()) {
      throw new IllegalArgumentException(
          "a queue is at most " + LONGEST_QUEUE + " long: " + queue.get());
    }
  }

  /** What it sets, by the key of the file, in the form that a user writes; the rest is left out. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (ShapingSetting setting : ShapingSetting.values()) {
      setting.textOf(this).ifPresent(text -> settings.put(setting.key(), text));
    }
    return settings;
  }

  static String text(Duration duration) {
    BigDecimal millis = BigDecimal.valueOf(duration.toNanos(), 6);
    return millis.stripTrailingZeros().toPlainString() + "ms";
  }

  /** The same, with another delay, and without jitter. */
  public Shaping withDelay(Duration delay) {
    return withDelay(delay, Duration.ZERO);
  }

  /** The same, with another delay and jitter. */
  public Shaping withDelay(Duration delay, Duration jitter) {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, rate, queue);
  }

  /** The same, with another loss. */
  public Shaping withLoss(Share loss) {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, rate, queue);
  }

  /** The same, with another share of duplicates. */
  public Shaping withDuplicate(Share duplicate) {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, rate, queue);
  }

  /** The same, with another share of corrupt frames. */
  public Shaping withCorrupt(Share corrupt) {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, rate, queue);
  }

  /** The same, with another share of frames that overtake. */
  public Shaping withReorder(Share reorder) {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, rate, queue);
  }

  /** The same, held to a rate. */
  public Shaping withRate(BitRate rate) {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, Optional.of(rate), queue);
  }

  /** The same, as fast as frames come. */
  public Shaping withoutRate() {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, Optional.empty(), queue);
  }

  /** The same, with room for so many bytes to wait for the rate. */
  public Shaping withQueue(Memory queue) {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, rate, Optional.of(queue));
  }

  /** The same, with the usual room to wait for the rate. */
  public Shaping withoutQueue() {
    return new Shaping(delay, jitter, loss, duplicate, corrupt, reorder, rate, Optional.empty());
  }
}
