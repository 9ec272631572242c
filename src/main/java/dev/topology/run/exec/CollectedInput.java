package dev.topology.run.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What a command is to read, kept until all of it is there. */
final class CollectedInput extends OutputStream {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Consumer<byte[]> whole;
  private final Runnable tooMuch;
  private IntConsumer takers = count -> {};
  private boolean closed;

  /**
   * @param whole takes it once it is closed
   * @param tooMuch called instead where it is more than {@link Execution#MOST_INPUT_BYTES}
   */
  CollectedInput(Consumer<byte[]> whole, Runnable tooMuch) {
    this.whole = whole;
    this.tooMuch = tooMuch;
  }

  /** Has somebody hear how many bytes were kept. */
  void onTaken(IntConsumer listener) {
    takers = listener;
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    if (!keep(source, offset, count)) {
      tooMuch.run();
      throw new IOException("the input of the command is too much for a guest agent");
    }
    takers.accept(count);
  }

  private synchronized boolean keep(byte[] source, int offset, int count) throws IOException {
    if (closed) {
      throw new IOException("the input of the command was closed");
    }
    boolean fits = count <= Execution.MOST_INPUT_BYTES - bytes.size();
    if (fits) {
      bytes.write(source, offset, count);
    } else {
      end();
    }
    return fits;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void close() {
    byte[] all;
    synchronized (this) {
      if (closed) {
        return;
      }
      all = bytes.toByteArray();
      end();
    }
    whole.accept(all);
  }

  /** Takes no more, for nobody will read it. */
  synchronized void end() {
    closed = true;
    bytes.reset();
  }
}
