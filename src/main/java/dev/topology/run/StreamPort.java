package dev.topology.run;

import dev.topology.posix.SocketStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/**
 * A port that is plugged into a guest for one stream of one command.
 *
 * @param id what QEMU calls the device and its socket
 * @param number the guest's for it
 * @param socket the host's end
 * @param plugged completes when it is there; exceptionally if QEMU refuses
 */
record StreamPort(String id, int number, SocketStream socket, CompletableFuture<Void> plugged) {

  /** Ends what is read from it and written to it here. */
  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + id, e);
    }
  }
}
