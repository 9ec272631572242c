package dev.topology.run;

import dev.topology.model.Cable;
import dev.topology.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files that the QEMUs of a topology record cables in, each by the QEMU at the cable's left
 * end.
 *
 * <p>A QEMU that starts empties its file, so what an earlier one recorded is moved out of the way
 * first: {@code uplink.pcap} is what the running QEMU records, {@code uplink.1.pcap} what the first
 * one did, and so on. A reader that has the file open reads on in the old one.
 */
final class Captures {

  private final Topology topology;

  Captures(Topology topology) {
    this.topology = topology;
  }

  /**
   * Puts away what a node's QEMU has recorded.
   *
   * @throws LaunchException if that cannot be done
   */
  void keep(String node) {
    topology.cables().stream()
        .filter(cable -> cable.left().node().equals(node))
        .map(Cable::capture)
        .flatMap(file -> file.stream())
        .filter(Files::exists)
        .forEach(Captures::putAway);
  }

  private static void putAway(Path file) {
    int number = 1;
    while (Files.exists(numbered(file, number))) {
      number++;
    }
    try {
      Files.move(file, numbered(file, number));
    } catch (IOException e) {
      throw new LaunchException(
          "cannot keep what was captured in " + file + ": " + Reasons.of(e),
          "make room there, or move the file away",
          e);
    }
  }

  private static Path numbered(Path file, int number) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return file.resolveSibling(name.substring(0, end) + "." + number + name.substring(end));
  }
}
