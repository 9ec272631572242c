package dev.topology.snapshot;

import dev.topology.model.MacAddress;
import dev.topology.plan.SavedGuest;
import dev.topology.plan.Snapshot;
import dev.topology.posix.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The file {@code snapshot} beside the files of one: what they were when they were written, the
 * addresses of the guest's network cards, and the key.
 *
 * <pre>
 * topology snapshot 2
 * memory 268435456 1758000000000000000 4711
 * state 74848 1758000000000000000 4712
 * checksum deadbeef00c0ffee
 * macs 02:72:82:bf:c3:56 02:00:00:00:00:01
 * qemu /usr/bin/qemu-system-x86_64 …
 * </pre>
 *
 * @param memory the stamp of the RAM: it is as large as the guest's, so it is not read as a whole
 * @param state the stamp of the other state
 * @param checksum of that state
 * @param macs of the network cards
 * @param key what it may be used for
 */
record Manifest(
    FileStamp memory, FileStamp state, String checksum, List<MacAddress> macs, SnapshotKey key) {

  private static final String MEMORY = "memory";
  private static final String STATE = "state";

  private static final String FILE = "snapshot";
  private static final String FIRST_LINE = "topology snapshot 2";
  private static final int LINES_BEFORE_KEY = 5;

  /** The files of the guest in a directory. */
  static SavedGuest guest(Path directory) {
    return new SavedGuest(directory.resolve(MEMORY), directory.resolve(STATE));
  }

  /** Of the files that are in a directory now. */
  static Manifest of(Path directory, SnapshotKey key, List<MacAddress> macs) throws IOException {
    SavedGuest guest = guest(directory);
    return new Manifest(
        FileStamp.of(guest.memory()),
        FileStamp.of(guest.state()),
        Checksums.of(guest.state()),
        macs,
        key);
  }

  /** The one in a directory; empty where there is none that is whole. */
  static Optional<Manifest> read(Path directory) {
    try {
      List<String> lines = Files.readAllLines(directory.resolve(FILE));
      if (lines.size() < LINES_BEFORE_KEY || !lines.get(0).equals(FIRST_LINE)) {
        return Optional.empty();
      }
      return Optional.of(
          new Manifest(
              FileStamp.parse(rest(lines.get(1), MEMORY)),
              FileStamp.parse(rest(lines.get(2), STATE)),
              rest(lines.get(3), "checksum"),
              macs(rest(lines.get(4), "macs")),
              new SnapshotKey(lines.subList(LINES_BEFORE_KEY, lines.size()))));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<MacAddress> macs(String words) {
    List<MacAddress> macs = new ArrayList<>();
    for (String word : words.split(" ", -1)) {
      if (!word.isEmpty()) {
        macs.add(MacAddress.parse(word).orElseThrow(() -> new IllegalArgumentException(word)));
      }
    }
    return macs;
  }

  private static String rest(String line, String name) {
    if (!line.startsWith(name + " ")) {
      throw new NumberFormatException(line);
    }
    return line.substring(name.length() + 1);
  }

  void writeTo(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(FIRST_LINE);
    lines.add(MEMORY + " " + memory.words());
    lines.add(STATE + " " + state.words());
    lines.add("checksum " + checksum);
    lines.add("macs " + macs.stream().map(MacAddress::toString).collect(Collectors.joining(" ")));
    lines.addAll(key.lines());
    Files.write(directory.resolve(FILE), lines);
  }

  long memoryBytes() {
    return memory.size();
  }

  /** The snapshot in a directory, if it is for that key and its files are what was written. */
  Optional<Snapshot> checked(Path directory, SnapshotKey wanted) {
    try {
      SavedGuest guest = guest(directory);
      boolean whole =
          key.lines().equals(wanted.lines())
              && FileStamp.of(guest.memory()).isThatOf(memory)
              && FileStamp.of(guest.state()).isThatOf(state)
              && Checksums.of(guest.state()).equals(checksum);
      return whole ? Optional.of(new Snapshot(guest, macs)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
