package dev.topology.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Keys for a guest, until the one that leaves it: Ctrl-], as of telnet(1) and virsh(1). */
final class LeavableInput extends FilterInputStream {

  private static final int CTRL_BRACKET = 0x1D;

  private final Runnable leave;
  private volatile boolean left;

  /**
   * @param leave done when the key comes; from then on this is at its end
   */
  LeavableInput(InputStream keys, Runnable leave) {
    super(keys);
    this.leave = leave;
  }

  boolean isLeft() {
    return left;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    int read = left ? -1 : super.read(bytes, from, count);
    for (int i = 0; i < read; i++) {
      if (bytes[from + i] == CTRL_BRACKET) {
        left = true;
        leave.run();
        return -1;
      }
    }
    return read;
  }
}
