package dev.topology.run;

import dev.topology.disk.IsoImage;
import dev.topology.disk.Qcow2Overlay;
import dev.topology.model.Pc;
import dev.topology.plan.DiskPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.guest.CloudInit;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.posix.Spawn;
import dev.topology.posix.TemporaryFile;
import dev.topology.run.node.Closing;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the guests of one run write to disks that end with it: files without a name, which this
 * process and the QEMUs hold open. A node that is restarted has the same ones; nothing is left of
 * them when the processes have ended, in whatever way.
 */
final class RunDisks implements AutoCloseable {

  /**
   * A file can take gigabytes, and file systems in memory are for small ones: file-hierarchy(7).
   */
  private static final Path USUAL = Path.of("/var/tmp");

  /** Where an ordinary user's PATH does not lead. */
  private static final String SYSTEM = ":/usr/sbin:/sbin";

  private static final int IN_CHILD = 3;

  private static final int MOST_TOLD_BYTES = 1 << 20;
  private static final String PRIVATE_KEY = "PRIVATE KEY-----";

  private final Map<String, List<Inherited>> byNode = new HashMap<>();
  private final List<TemporaryFile> files = new ArrayList<>();
  private final Reaper reaper;

  private RunDisks(Reaper reaper) {
    this.reaper = reaper;
  }

  /**
   * Makes those of all nodes. Blocks while file systems are made, some 20 ms for each.
   *
   * @param reaper of the programs that make them
   * @throws LaunchException if the host refuses; nothing stays open then
   */
  static RunDisks make(List<NodePlan> nodes, Reaper reaper) {
    RunDisks disks = new RunDisks(reaper);
    try {
      for (NodePlan node : nodes) {
        for (DiskPlan disk : node.disks()) {
          if (disk.descriptor().isPresent()) {
            disks.make(node, disk, disk.descriptor().getAsInt());
          }
        }
        if (node.identityDisk().isPresent()) {
          disks.makeIdentity(node, node.identityDisk().getAsInt());
        }
      }
      return disks;
    } catch (LaunchException e) {
      disks.close();
      throw e;
    }
  }

  private void make(NodePlan node, DiskPlan disk, int number) {
    try {
      TemporaryFile file = add(node, number);
      if (disk.file().isPresent()) {
        file.write(Qcow2Overlay.ofSize(disk.bytes()));
      } else {
        file.resize(disk.bytes());
      }
      if (disk.isFormatted()) {
        format(file, node.name() + ":" + disk.disk().name());
      }
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make what disk \"%s\" of node \"%s\" writes to, in %s: %s"
              .formatted(disk.disk().name(), node.name(), directory(), Reasons.of(e)),
          Reasons.remedy(e, "name another directory with TMPDIR"),
          e);
    }
  }

  /** The disk by which cloud-init in a PC learns who it is. */
  private void makeIdentity(NodePlan node, int number) {
    Pc pc = node.node().pc().orElseThrow();
    try {
      List<String> keys = new ArrayList<>();
      for (Path file : pc.sshKeys()) {
        read(file)
            .lines()
            .map(String::strip)
            .filter(it -> !it.isEmpty() && !it.startsWith("#"))
            .forEach(keys::add);
      }
      String userData = pc.userData().isPresent() ? read(pc.userData().get()) : "";
      add(node, number)
          .write(IsoImage.of(CloudInit.LABEL, node.identity().cloudInit().files(keys, userData)));
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make the disk that tells \"%s\" who it is: %s"
              .formatted(node.name(), Reasons.of(e)),
          Reasons.remedy(e, "see whether its ssh_keys and its user_data are texts"),
          e);
    }
  }

  /** A text that is about to be shown to a guest. */
  private static String read(Path file) throws IOException {
    if (Files.size(file) > MOST_TOLD_BYTES) {
      throw new IOException(file + " has more than " + MOST_TOLD_BYTES + " bytes");
    }
    String text = Files.readString(file);
    if (text.contains(PRIVATE_KEY)) {
      throw new IOException(file + " is a private key: the public one ends in .pub");
    }
    return text;
  }

  private TemporaryFile add(NodePlan node, int number) throws IOException {
    TemporaryFile file =
        TemporaryFile.create(
            directory(), "topology-%d-%d".formatted(ProcessHandle.current().pid(), files.size()));
    files.add(file);
    byNode
        .computeIfAbsent(node.name(), it -> new ArrayList<>())
        .add(new Inherited(file.descriptor(), number));
    return file;
  }

  private static Path directory() {
    return Optional.ofNullable(System.getenv("TMPDIR"))
        .filter(it -> it.startsWith("/"))
        .map(Path::of)
        .orElse(USUAL);
  }

  private void format(TemporaryFile file, String disk) throws IOException {
    Path program = formatter(disk);
    ChildProcess process =
        Spawn.of(program)
            .arguments(
                "-q",
                "-F",
                "-t",
                "ext4",
                "-E",
                "lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0",
                "/proc/self/fd/" + IN_CHILD)
            .inherit(file.descriptor(), IN_CHILD)
            .guardedBy(reaper)
            .start();
    ExitStatus status = process.exit().join();
    if (!status.equals(new ExitStatus.Exited(0))) {
      throw new IOException(
          program + " ended with " + status.description() + ": " + process.output().strip());
    }
  }

  private static Path formatter(String disk) {
    return Stream.of((System.getenv().getOrDefault("PATH", "") + SYSTEM).split(":", -1))
        .filter(it -> it.startsWith("/"))
        .map(it -> Path.of(it, "mke2fs"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new LaunchException(
                    "disk " + disk + " is to have a file system, and this host has no mke2fs",
                    "install the package e2fsprogs, or leave \"mount\" out",
                    null));
  }

  /** What the QEMU of a node inherits. */
  List<Inherited> of(String node) {
    return byNode.getOrDefault(node, List.of());
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    files.forEach(closing::close);
    closing.finish();
  }
}
