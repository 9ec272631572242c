package dev.topology.run.cable;

import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.NativeBlock;
import dev.topology.run.cable.CableCounters.Tally;
import dev.topology.run.cable.CableCounters.Tally.Count;
import dev.topology.run.cable.CableState.Travelling;
import java.io.IOException;
import java.util.List;

/**
 * Where frames leave a shaper or switch for a guest, or for what is outside. A guest that does not
 * take them does not hold anybody up: some frames wait here, and those that come after are dropped.
 * Not thread-safe.
 */
final class Exit {

  /**
   * How much waits for a guest: 20 milliseconds at the 400 Mbit/s that an emulated guest can take,
   * enough for TCP to find its pace without a loss for each burst.
   */
  static final int ROOM_BYTES = 1 << 20;

  private final Descriptor socket;
  private final Tally tally;
  private final FrameTap listener;
  private final Datagrams batch = Datagrams.toSend();
  private final NativeBlock[] memories = new NativeBlock[Datagrams.CAPACITY];
  private final int[] offsets = new int[Datagrams.CAPACITY];
  private final int[] lengths = new int[Datagrams.CAPACITY];
  private final FrameQueue waiting = new FrameQueue(ROOM_BYTES);
  private boolean isBlocked;

  Exit(Descriptor socket, Tally tally, FrameTap listener) {
    this.socket = socket;
    this.tally = tally;
    this.listener = listener;
  }

  /** Whether it waits for the guest to take frames. */
  boolean isBlocked() {
    return isBlocked;
  }

  /** Lets a frame out, which stays where it is until the next {@link #flush}. */
  void let(NativeBlock memory, int offset, int length) {
    if (isBlocked) {
      keep(memory, offset, length);
      return;
    }
    int at = batch.count();
    memories[at] = memory;
    offsets[at] = offset;
    lengths[at] = length;
    batch.add(memory, offset, length);
    if (batch.count() == Datagrams.CAPACITY) {
      flush();
    }
  }

  /** Sends what was let out, as far as the guest takes it. */
  void flush() {
    int sent = 0;
    while (sent < batch.count() && !isBlocked) {
      sent += send(sent);
    }
    for (int at = sent; at < batch.count(); at++) {
      keep(memories[at], offsets[at], lengths[at]);
    }
    batch.clear();
  }

  private int send(int first) {
    try {
      int sent = batch.send(socket, first);
      for (int at = first; at < first + sent; at++) {
        delivered(memories[at], offsets[at], lengths[at]);
      }
      isBlocked = first + sent < batch.count();
      return sent;
    } catch (IOException gone) {
      // No QEMU has the other end open, or a way out does not take this frame: it is lost.
      tally.add(Count.NOT_TAKEN);
      return 1;
    }
  }

  private void delivered(NativeBlock memory, int offset, int length) {
    tally.add(Count.DELIVERED_FRAMES);
    tally.add(Count.DELIVERED_BYTES, length);
    listener.passes(memory, offset, length);
  }

  private void keep(NativeBlock memory, int offset, int length) {
    if (!waiting.add(memory, offset, length, 0, 0)) {
      tally.add(Count.NOT_TAKEN);
    }
  }

  /** The frames that wait for the guest. */
  List<byte[]> waiting() {
    return waiting.frames(0).stream().map(Travelling::frame).toList();
  }

  /** Has frames wait for the guest, before any other comes. */
  void restore(List<byte[]> frames) {
    waiting.addAll(frames.stream().map(it -> new Travelling(0, 0, it)).toList(), 0);
    isBlocked = !frames.isEmpty();
  }

  /** There is room again: sends what waits. */
  void resume() {
    isBlocked = false;
    while (!waiting.isEmpty() && !isBlocked) {
      sendWaiting();
    }
  }

  /** A frame is taken off the queue once it is sent, so that the order stays if it is not. */
  private void sendWaiting() {
    try {
      batch.clear();
      batch.add(waiting.memory(), waiting.headOffset(), waiting.headLength());
      if (batch.send(socket, 0) == 0) {
        isBlocked = true;
        return;
      }
      delivered(waiting.memory(), waiting.headOffset(), waiting.headLength());
    } catch (IOException gone) {
      tally.add(Count.NOT_TAKEN);
    } finally {
      batch.clear();
    }
    waiting.removeHead();
  }
}
