package dev.topology.run;

import dev.topology.disk.IsoImage;
import dev.topology.disk.Qcow2Overlay;
import dev.topology.model.Pc;
import dev.topology.plan.DiskPlan;
import dev.topology.plan.FirmwarePlan;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What the guest of a node writes to disks that end with the run: files without a name, which this
 * process and QEMU hold open. A node that is restarted has the same ones; nothing is left of them
 * when the processes have ended, in whatever way.
 */
final class NodeDisks implements AutoCloseable {

  /**
   * A file can take gigabytes, and file systems in memory are for small ones: file-hierarchy(7).
   */
  private static final Path USUAL = Path.of("/var/tmp");

  /** Where an ordinary user's PATH does not lead. */
  private static final String SYSTEM = ":/usr/sbin:/sbin";

  private static final int IN_CHILD = 3;

  private static final int MOST_TOLD_BYTES = 1 << 20;
  private static final String PRIVATE_KEY = "PRIVATE KEY-----";

  /** Numbers the files of this process. */
  private static final AtomicLong MADE = new AtomicLong();

  private final Map<DiskPlan, TemporaryFile> byDisk = new LinkedHashMap<>();
  private final List<Inherited> inherited = new ArrayList<>();
  private final List<TemporaryFile> files = new ArrayList<>();
  private final Reaper reaper;

  private NodeDisks(Reaper reaper) {
    this.reaper = reaper;
  }

  /**
   * Makes those of a node. Blocks while file systems are made, some 20 ms for each.
   *
   * @param reaper of the programs that make them
   * @throws LaunchException if the host refuses; nothing stays open then
   */
  static NodeDisks make(NodePlan node, Reaper reaper) {
    return new NodeDisks(reaper).filled(node, Map.of());
  }

  /**
   * Makes those of the same node in another plan. A disk that is the same keeps what was written to
   * it, unless its file has changed: then that would make no sense any more.
   */
  NodeDisks makeAgain(NodePlan node, List<Path> changedFiles) {
    Map<DiskPlan, TemporaryFile> kept = new LinkedHashMap<>();
    for (DiskPlan disk : node.disks()) {
      TemporaryFile file = byDisk.get(disk.withoutDescriptor());
      if (file != null && disk.unwrittenFiles().noneMatch(changedFiles::contains)) {
        kept.put(disk.withoutDescriptor(), file);
      }
    }
    return new NodeDisks(reaper).filled(node, kept);
  }

  private NodeDisks filled(NodePlan node, Map<DiskPlan, TemporaryFile> kept) {
    try {
      for (DiskPlan disk : node.disks()) {
        if (disk.descriptor().isPresent()) {
          int number = disk.descriptor().getAsInt();
          TemporaryFile file = kept.get(disk.withoutDescriptor());
          if (file == null) {
            file = make(node, disk);
          }
          byDisk.put(disk.withoutDescriptor(), file);
          inherited.add(new Inherited(file.descriptor(), number));
        }
      }
      if (node.identityDisk().isPresent()) {
        makeIdentity(node, node.identityDisk().getAsInt());
      }
      if (node.firmware().isPresent()) {
        makeVariables(node, node.firmware().get());
      }
      files.addAll(kept.values());
      return this;
    } catch (LaunchException e) {
      close();
      throw e;
    }
  }

  private TemporaryFile make(NodePlan node, DiskPlan disk) {
    try {
      TemporaryFile file = add();
      if (disk.file().isPresent()) {
        file.write(Qcow2Overlay.ofSize(disk.bytes()));
      } else {
        file.resize(disk.bytes());
      }
      if (disk.isFormatted()) {
        format(file, node.name() + ":" + disk.disk().name());
      }
      return file;
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make what disk \"%s\" of node \"%s\" writes to, in %s: %s"
              .formatted(disk.disk().name(), node.name(), directory(), Reasons.of(e)),
          Reasons.remedy(e, "name another directory with TMPDIR"),
          e);
    }
  }

  /** The node's own copy of the settings of its firmware. */
  private void makeVariables(NodePlan node, FirmwarePlan firmware) {
    try {
      TemporaryFile file = add();
      inherited.add(new Inherited(file.descriptor(), firmware.descriptor()));
      byte[] variables = Files.readAllBytes(firmware.files().variables());
      file.write(withoutZerosAtItsEnd(variables));
      file.resize(variables.length);
    } catch (IOException e) {
      throw new LaunchException(
          "cannot copy %s for node \"%s\" to %s: %s"
              .formatted(firmware.files().variables(), node.name(), directory(), Reasons.of(e)),
          Reasons.remedy(e, "name another directory with TMPDIR"),
          e);
    }
  }

  /** Those of arm64 have 64 MiB, all of them zeros, which take no room unless they are written. */
  private static byte[] withoutZerosAtItsEnd(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return Arrays.copyOf(bytes, length);
  }

  /** The disk by which cloud-init in a PC learns who it is. */
  private void makeIdentity(NodePlan node, int number) {
    Pc pc = node.node().pc().orElseThrow();
    try {
      List<String> keys = new ArrayList<>();
      for (Path key : pc.sshKeys()) {
        read(key)
            .lines()
            .map(String::strip)
            .filter(it -> !it.isEmpty() && !it.startsWith("#"))
            .forEach(keys::add);
      }
      String userData = pc.userData().isPresent() ? read(pc.userData().get()) : "";
      TemporaryFile file = add();
      inherited.add(new Inherited(file.descriptor(), number));
      file.write(IsoImage.of(CloudInit.LABEL, node.identity().cloudInit().files(keys, userData)));
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

  private TemporaryFile add() throws IOException {
    TemporaryFile file =
        TemporaryFile.create(
            directory(),
            "topology-%d-%d".formatted(ProcessHandle.current().pid(), MADE.incrementAndGet()));
    files.add(file);
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

  /** What QEMU inherits. */
  Stream<Inherited> inherited() {
    return inherited.stream();
  }

  /** Closes those that others of the same node do not go on with. */
  void closeUnlessIn(NodeDisks others) {
    files.removeIf(others.files::contains);
    close();
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    files.forEach(closing::close);
    closing.finish();
  }
}
