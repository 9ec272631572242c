package dev.topology.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.cli.terminal.StatusLine;
import dev.topology.cli.terminal.StatusLine.NodePhase;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Event;
import dev.topology.control.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A status line of a run in another process.
 *
 * <p>Owns the thread {@code remote-progress}, which hears of what happens there.
 */
public final class RemoteProgress implements AutoCloseable {

  private final StatusLine status;
  private final Optional<ControlClient> client;

  /**
   * @param directory the run directory of the other process
   * @param status is closed with this
   */
  public RemoteProgress(Path directory, StatusLine status) throws ControlException {
    this.status = status;
    this.client = ControlClient.connect(directory);
  }

  public void begin() {
    Thread thread = new Thread(() -> client.ifPresent(this::listen), "remote-progress");
    thread.setDaemon(true);
    thread.start();
  }

  private void listen(ControlClient events) {
    try {
      events.call(
          new Request.Events(/* follow= */ true),
          new ControlClient.Listener() {
            @Override
            public void event(JsonNode event) throws ControlException {
              note(Event.of(event));
            }
          });
    } catch (ControlException | IOException e) {
      // The line stays as it is; the wait for the run reports the reason.
    }
  }

  private void note(Event event) {
    Optional<NodePhase> phase =
        switch (event.event()) {
          case "node-started" -> Optional.of(NodePhase.STARTING);
          case "node-ready" -> Optional.of(NodePhase.READY);
          case "node-ended" -> Optional.of(NodePhase.DONE);
          default -> Optional.empty();
        };
    event.node().ifPresent(node -> phase.ifPresent(it -> status.phase(node, it)));
  }

  /** Idempotent. */
  @Override
  public void close() {
    client.ifPresent(ControlClient::close);
    status.close();
  }
}
