package dev.topology.control;

import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Service.Pace;
import dev.topology.control.Service.Performs;
import dev.topology.language.load.LoadResult.InvalidTopologyException;
import dev.topology.launch.RunChange;
import dev.topology.launch.Selection.UnknownNodeException;
import dev.topology.launch.UserDirectories;
import dev.topology.run.RunningTopology;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Brings a running topology to what a file says now.
 *
 * <p>The client has read the file, told its user what is wrong with it, and fetched and built what
 * it needs. Here it is read and planned again, by the program that runs the topology, with the
 * client's directory and variables: only this program knows what runs, and it is to carry it out.
 */
final class FileChange {

  private static final int CHUNK = 64 * 1024;

  /** Somewhat more than the loader takes, which has better words for it. */
  private static final int LARGEST = 9 << 20;

  private final RunningTopology running;
  private final boolean boots;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /**
   * @param boots whether new nodes are booted, rather than cloned
   */
  FileChange(RunningTopology running, boolean boots) {
    this.running = running;
    this.boots = boots;
  }

  @Performs(Pace.WHILE_WANTED)
  Request.Applied apply(Request.Apply request, Exchange exchange)
      throws ControlException, IOException, InterruptedException {
    RunChange change = new RunChange(running, user(request), boots);
    byte[] text = input(exchange);
    if (!oneAtATime.tryLock()) {
      throw new ControlException(
          ErrorId.REFUSED,
          "\"" + running.topology().name() + "\" is being changed by another command",
          "try again when that has ended");
    }
    InputStream in = new ByteArrayInputStream(text);
    try {
      return new Request.Applied(
          request.dry()
              ? change.preview(in, request.name(), request.only())
              : change.carryOut(in, request.name(), request.only()));
    } catch (InvalidTopologyException e) {
      throw new ControlException(
          ErrorId.BAD_FIELD, "the program that runs it cannot use the file: " + e.getMessage(), "");
    } catch (UnknownNodeException e) {
      throw new ControlException(ErrorId.UNKNOWN_NODE, String.valueOf(e.getMessage()), "", e);
    } finally {
      oneAtATime.unlock();
    }
  }

  private static byte[] input(Exchange exchange)
      throws ControlException, IOException, InterruptedException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (var bytes = exchange.input().takeSome(CHUNK);
        bytes.isPresent();
        bytes = exchange.input().takeSome(CHUNK)) {
      text.writeBytes(bytes.get());
      if (text.size() > LARGEST) {
        throw new ControlException(
            ErrorId.BAD_FIELD, "more than " + LARGEST + " bytes of text, which no file needs", "");
      }
      exchange.taken(bytes.get().length);
    }
    return text.toByteArray();
  }

  private static UserDirectories user(Request.Apply request) throws ControlException {
    if (!request.directory().startsWith("/")) {
      throw new ControlException(ErrorId.BAD_FIELD, "\"directory\" has to be absolute", "");
    }
    Map<String, String> environment =
        request.environment().stream()
            .map(it -> it.split("=", 2))
            .collect(
                Collectors.toMap(it -> it[0], it -> it.length > 1 ? it[1] : "", (one, two) -> two));
    return UserDirectories.of(environment, Path.of(request.directory()));
  }
}
