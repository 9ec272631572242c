package dev.topology.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Topology files of any size: a row of nodes with ports, cabled to their neighbours. */
final class GeneratedTopology {

  /** What an idle node prints once it is set up. */
  static final String SET_UP = "is set up";

  private GeneratedTopology() {}

  static Path row(Path directory, int nodes) throws IOException {
    StringBuilder text = new StringBuilder("name: row\n\nnodes:\n");
    for (int i = 1; i <= nodes; i++) {
      text.append("  n").append(i).append(":\n");
      text.append("    memory: 128MiB\n    host_network: {outside: true}\n");
      text.append("    ports: {22: auto, 53/udp: auto}\n");
      text.append("    routes: {10.99.0.0/16: 10.42.0.2}\n");
      if (i > 1) {
        text.append("    depends_on: [n").append(i - 1).append("]\n");
      }
    }
    text.append("\ncables:\n");
    for (int i = 1; i < nodes; i++) {
      text.append("  - [n").append(i).append(", n").append(i + 1).append("]\n");
    }
    return Files.writeString(directory.resolve("row" + nodes + ".yaml"), text);
  }

  /** Nodes that idle, each cabled to the next. */
  static Path idle(Path directory, String name, int nodes) throws IOException {
    StringBuilder text = new StringBuilder("name: " + name + "\n");
    text.append("defaults: {memory: 128MiB, command: echo " + SET_UP + "; sleep 36000}\nnodes:\n");
    for (int i = 1; i <= nodes; i++) {
      text.append("  n").append(i).append(": {}\n");
    }
    text.append("cables:\n");
    for (int i = 1; i < nodes; i++) {
      text.append("  - [n").append(i).append(", n").append(i + 1).append("]\n");
    }
    return Files.writeString(directory.resolve(name + ".yaml"), text);
  }

  /** Nodes that idle, at one switch. */
  static Path star(Path directory, String name, int nodes) throws IOException {
    StringBuilder text = new StringBuilder("name: " + name + "\n");
    text.append("defaults: {memory: 128MiB}\nswitches: {lan: {}}\nnodes:\n");
    for (int i = 1; i <= nodes; i++) {
      text.append("  n").append(i).append(": {}\n");
    }
    text.append("cables:\n");
    for (int i = 1; i <= nodes; i++) {
      text.append("  - [n").append(i).append(", lan]\n");
    }
    return Files.writeString(directory.resolve(name + ".yaml"), text);
  }
}
