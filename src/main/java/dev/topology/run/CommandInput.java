package dev.topology.run;

import dev.topology.posix.SocketStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** What a command reads. */
final class CommandInput extends OutputStream {

  /** Until the guest hears from the host, its port looks as if the input had ended. */
  private static final byte[] START = {'\n'};

  private final SocketStream socket;
  private boolean closed;

  private CommandInput(SocketStream socket) {
    this.socket = socket;
  }

  static CommandInput of(StreamPort port) {
    CommandInput input = new CommandInput(port.socket());
    input.start();
    return input;
  }

  /** Fits into the socket; where QEMU is gone already, whoever writes next is told so. */
  private void start() {
    try {
      socket.write(ByteBuffer.wrap(START));
    } catch (IOException gone) {
      closed = true;
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (closed) {
      throw new IOException("the input of the command was closed");
    }
    try {
      socket.write(ByteBuffer.wrap(bytes, offset, count));
    } catch (ClosedChannelException e) {
      throw new IOException("the command has ended, and reads no more", e);
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  /** The end of the input; the socket itself stays, or QEMU would not send what it holds. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        socket.endOutput();
      } catch (ClosedChannelException commandHasEnded) {
        // It reads no more anyway.
      }
    }
  }
}
