package dev.topology.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.Instances.Supervisor;
import dev.topology.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code state.json} in a run directory, which outlives its writer: which process runs or
 * ran the topology, and how that ended. Whether it still runs, only the lock tells.
 *
 * <p>Beside it lies {@code names} while the topology runs, which shells read to complete command
 * lines: a line {@code process 4711}, then {@code node NAME} and {@code cable NAME} for each.
 */
final class StateFile {

  private static final String NAME = "state.json";
  private static final String NAMES = "names";
  private static final String ENDING = "ending";

  /** A larger file is not one of this program. */
  private static final long LARGEST = 1024L * 1024;

  private final Path file;

  StateFile(Path directory) {
    this.file = directory.resolve(NAME);
  }

  /**
   * What it says.
   *
   * @param ending nothing while it runs, and for ever if its supervisor was killed
   */
  record State(Supervisor supervisor, Optional<RunEnding> ending) {}

  /** Writes it as a whole: a reader sees the old state or the new one. */
  void write(State state) throws IOException {
    ObjectNode json = RecordJson.write(state.supervisor());
    state.ending().ifPresent(ending -> json.set(ENDING, RecordJson.write(ending)));
    Path part = file.resolveSibling(NAME + ".part");
    Files.write(part, JsonLines.write(json));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    if (state.ending().isPresent()) {
      Files.deleteIfExists(file.resolveSibling(NAMES));
    }
  }

  /** Writes the names of nodes and cables, while it runs; as a whole, too. */
  void writeNames(Supervisor supervisor, Topology topology) throws IOException {
    List<String> lines = new ArrayList<>(List.of("process " + supervisor.pid()));
    topology.nodes().forEach(node -> lines.add("node " + node.name()));
    topology.cables().forEach(cable -> lines.add("cable " + cable.name()));
    Path part = file.resolveSibling(NAMES + ".part");
    Files.write(part, lines);
    Files.move(part, file.resolveSibling(NAMES), StandardCopyOption.ATOMIC_MOVE);
  }

  /** How the run ended, if it says so. */
  Optional<RunEnding> ending() throws IOException {
    return read().flatMap(State::ending);
  }

  /** Empty if the file is missing or not valid. */
  Optional<State> read() throws IOException {
    try {
      if (Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      ObjectNode json = JsonLines.read(Files.readAllBytes(file));
      Optional<RunEnding> ending =
          json.has(ENDING)
              ? Optional.of(RecordJson.read(RunEnding.class, json.get(ENDING)))
              : Optional.empty();
      return Optional.of(new State(RecordJson.read(Supervisor.class, json), ending));
    } catch (NoSuchFileException | ControlException e) {
      return Optional.empty();
    }
  }
}
