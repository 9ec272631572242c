package dev.topology.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.topology.run.Capture;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningTopology;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Gives a client what passes a cable. Thread-safe. */
final class CableTap {

  /** With base64 around it, less than a line may have. */
  private static final int MOST_AT_ONCE = 512 * 1024;

  private final RunningTopology topology;

  CableTap(RunningTopology topology) {
    this.topology = topology;
  }

  /**
   * Captures until the run is over, the client has gone or this thread is interrupted. A client
   * that reads slowly misses frames, which the answer counts.
   */
  void capture(RunningCable cable, Exchange exchange) throws IOException, InterruptedException {
    Capture capture = cable.capture(new ToClient(exchange));
    try (capture) {
      CompletableFuture.anyOf(capture.ended(), topology.over()).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run broke off by a fault of its own", e);
    }
    exchange.done(
        JsonNodeFactory.instance
            .objectNode()
            .put("frames", capture.frames())
            .put("dropped", capture.dropped()));
  }

  /** Each write is data of an exchange. */
  private static final class ToClient extends OutputStream {

    private final Exchange exchange;

    ToClient(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      int end = from + count;
      for (int at = from; at < end; at += MOST_AT_ONCE) {
        exchange.data(Arrays.copyOfRange(bytes, at, Math.min(end, at + MOST_AT_ONCE)));
      }
    }
  }
}
