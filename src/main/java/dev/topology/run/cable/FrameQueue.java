package dev.topology.run.cable;

import dev.topology.posix.NativeBlock;
import dev.topology.run.cable.CableState.Travelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Frames that are on their way, in the order in which they arrive, in a ring of memory that grows
 * as it has to. Not thread-safe.
 *
 * <p>A frame that was removed stays where it was until the next is added.
 */
final class FrameQueue {

  private static final int FIRST_BYTES = 1 << 16;
  private static final int FIRST_FRAMES = 1 << 6;

  private final long mostBytes;
  private NativeBlock memory = new NativeBlock(0);
  private int capacity;
  private int start;
  private int end;
  private long[] sentAt = new long[0];
  private long[] dueAt = new long[0];
  private int[] offsets = new int[0];
  private int[] lengths = new int[0];
  private int first;
  private int count;

  /** Holds no more than so many bytes. */
  FrameQueue(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  NativeBlock memory() {
    return memory;
  }

  int headOffset() {
    return offsets[first];
  }

  int headLength() {
    return lengths[first];
  }

  /** When the first is to arrive; never, if there is none. */
  long headDueAt() {
    return count == 0 ? Long.MAX_VALUE : dueAt[first];
  }

  void removeHead() {
    first = (first + 1) % offsets.length;
    count--;
    start = count == 0 ? 0 : offsets[first];
    end = count == 0 ? 0 : end;
  }

  /**
   * Puts a frame behind the others, which it does not overtake however early it is due.
   *
   * @param sent when its last bit is on the cable
   * @return whether there was room
   */
  boolean add(NativeBlock source, int offset, int length, long sent, long due) {
    int place = place(length);
    while (place < 0) {
      if (!grow(length)) {
        return false;
      }
      place = place(length);
    }
    if (count == offsets.length) {
      growEntries();
    }
    memory.bytes().put(place, source.bytes(), offset, length);
    int last = (first + count + offsets.length - 1) % offsets.length;
    int entry = (first + count) % offsets.length;
    offsets[entry] = place;
    lengths[entry] = length;
    sentAt[entry] = sent;
    dueAt[entry] = count == 0 ? due : Math.max(due, dueAt[last]);
    end = place + length;
    count++;
    return true;
  }

  /** Where so many bytes can go in one piece, or -1. An end that met the start would look empty. */
  private int place(int length) {
    if (count == 0) {
      return length < capacity ? 0 : -1;
    }
    if (end > start) {
      if (capacity - end >= length) {
        return end;
      }
      return start > length ? 0 : -1;
    }
    return start - end > length ? end : -1;
  }

  private boolean grow(int length) {
    long wanted = Math.max(FIRST_BYTES, 2L * capacity);
    while (wanted <= length) {
      wanted *= 2;
    }
    if (wanted > mostBytes) {
      return false;
    }
    NativeBlock larger = new NativeBlock((int) wanted);
    int at = 0;
    for (int i = 0; i < count; i++) {
      int entry = (first + i) % offsets.length;
      larger.bytes().put(at, memory.bytes(), offsets[entry], lengths[entry]);
      offsets[entry] = at;
      at += lengths[entry];
    }
    memory = larger;
    capacity = (int) wanted;
    start = 0;
    end = at;
    return true;
  }

  private void growEntries() {
    int size = Math.max(FIRST_FRAMES, 2 * count);
    sentAt = unrolled(sentAt, size);
    dueAt = unrolled(dueAt, size);
    offsets = unrolled(offsets, size);
    lengths = unrolled(lengths, size);
    first = 0;
  }

  private long[] unrolled(long[] ring, int size) {
    long[] line = Arrays.copyOfRange(ring, first, first + size);
    System.arraycopy(ring, 0, line, ring.length - first, first);
    return line;
  }

  private int[] unrolled(int[] ring, int size) {
    int[] line = Arrays.copyOfRange(ring, first, first + size);
    System.arraycopy(ring, 0, line, ring.length - first, first);
    return line;
  }

  /** All of them, at a moment. */
  List<Travelling> frames(long now) {
    List<Travelling> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int entry = (first + i) % offsets.length;
      byte[] frame = new byte[lengths[entry]];
      memory.bytes().get(offsets[entry], frame);
      frames.add(new Travelling(sentAt[entry] - now, dueAt[entry] - now, frame));
    }
    return frames;
  }

  /** Adds what {@link #frames} gave at another moment, as far as there is room. */
  void addAll(List<Travelling> frames, long now) {
    for (Travelling each : frames) {
      NativeBlock block = new NativeBlock(each.frame().length);
      block.bytes().put(0, each.frame());
      add(block, 0, each.frame().length, now + each.sentIn(), now + each.dueIn());
    }
  }

  /** Time has stood still for so long. */
  void shift(long nanos) {
    for (int i = 0; i < count; i++) {
      int entry = (first + i) % offsets.length;
      sentAt[entry] += nanos;
      dueAt[entry] += nanos;
    }
  }

  /** New times for frames on their way: when each is sent, and how long it travels. */
  interface Retiming {

    long sentAt(long before);

    long travelNanos(long before);
  }

  /** Has frames that are on their way arrive at other times; they keep their order. */
  void retime(Retiming retiming) {
    long previous = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      int entry = (first + i) % offsets.length;
      long travel = retiming.travelNanos(dueAt[entry] - sentAt[entry]);
      sentAt[entry] = retiming.sentAt(sentAt[entry]);
      dueAt[entry] = Math.max(previous, sentAt[entry] + travel);
      previous = dueAt[entry];
    }
  }
}
