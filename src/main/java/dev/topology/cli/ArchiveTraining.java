package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.launch.UserDirectories;
import dev.topology.posix.TemporaryPlace;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Scanner;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Runs common commands, so that their classes go into the class-data archive that the launcher
 * script makes.
 *
 * <p>In place of QEMU stands a script that can say its version and little else. So no guest boots
 * beside the user's own first command, and no probe of this host runs while it is busy.
 */
final class ArchiveTraining {

  private static final String STAND_IN =
      """
      #!/bin/sh
      case $* in
      *version*) echo 'QEMU emulator version 9.2.0' ;;
      *help*) echo 'microvm-machine options:' ;;
      *) exit 1 ;;
      esac
      """;

  /** Enough of a bzImage to pass for one; Documentation/arch/x86/boot.rst. */
  private static final String KERNEL = "\0".repeat(0x202) + "HdrS";

  /** An archive with nothing in it; Documentation/driver-api/early-userspace/buffer-format.rst. */
  private static final String INITRAMFS =
      "070701" + "0".repeat(88) + "0000000B" + "0".repeat(8) + "TRAILER!!!" + "\0".repeat(4);

  /** Lines of a supervisor; the package {@code control} describes the protocol. */
  private static final String GREETING =
      """
      {"topology-control":1,"name":"training","pid":1}
      """;

  private static final String STATE =
      """
      {"name":"training","pid":1,"since":"2026-11-23T10:00:00.250Z","file":"/training.yaml"}
      """;

  private static final String STATUS =
      """
      {"id":1,"ok":{"name":"training","pid":1,"since":"2026-11-23T10:00:00.250Z",\
      "file":"/training.yaml","state":"ready","nodes":[{"name":"client","state":"ready",\
      "uptimeMillis":11250,"memoryBytes":96100000,"cpuMillis":3200,"outside":false,\
      "hostPorts":[{"protocol":"tcp","guestPort":22,"hostAddress":"127.0.0.1",\
      "hostPort":41877}],"consoleLog":"/client.console"}],"cables":[{"name":"uplink",\
      "left":"client:eth1","right":"router:eth1","state":"joined",\
      "leftAddresses":["10.64.0.0/31"],"rightAddresses":[]}]}}
      """;

  private static final String EXEC =
      """
      {"id":1,"stream":"out","data":"b2sK"}
      {"id":1,"ok":{"status":0}}
      """;

  private final Path stage;

  private ArchiveTraining(Path stage) {
    this.stage = stage;
  }

  /** Trains in a directory of its own and ends the JVM, which then writes the archive. */
  public static void main(String[] arguments) throws IOException {
    Path stage = Files.createTempDirectory("topology-training-");
    try {
      ArchiveTraining training = new ArchiveTraining(stage);
      training.setUp();
      training.run();
      loadTheRest();
    } finally {
      TemporaryPlace.deleteTree(stage);
    }
    System.exit(ExitCode.DONE.status());
  }

  private void setUp() throws IOException {
    try (InputStream yaml = ArchiveTraining.class.getResourceAsStream("training.yaml")) {
      Files.copy(Objects.requireNonNull(yaml), stage.resolve("training.yaml"));
    }
    Files.writeString(stage.resolve("mistaken.yaml"), "nodes: {a: {memroy: 1}}");
    Path qemu = Files.writeString(stage.resolve("qemu-system-x86_64"), STAND_IN);
    Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
    Path image = Files.createDirectories(stage.resolve("topology/images/default"));
    for (Path directory : new Path[] {stage, image}) {
      Files.writeString(directory.resolve("kernel"), KERNEL);
      Files.writeString(directory.resolve("initramfs"), INITRAMFS);
    }
  }

  private void run() throws IOException {
    Main program = new Main(user());
    program.run("validate", stage.resolve("mistaken.yaml").toString());
    String file = stage.resolve("training.yaml").toString();
    program.run("validate", file);
    // The second run uses cached probe results, as most runs of users do.
    program.run("plan", file);
    program.run("plan", file);
    program.run("up", "--color=always", file);
    program.run("plan", "--format=json", file);
    program.run("image", "list");
    runWithSupervisor(program);
  }

  /** The program's other classes: of other verbs, and of a real QEMU. */
  private static void loadTheRest() throws IOException {
    try (JarFile program = new JarFile(System.getProperty("java.class.path"))) {
      for (JarEntry entry : Collections.list(program.entries())) {
        if (entry.getName().matches("dev/topology/.*\\.class")) {
          load(entry.getName().replaceFirst("\\.class$", "").replace('/', '.'));
        }
      }
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, ArchiveTraining.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError ofTheJunitExtension) {
      // JUnit is not in the program.
    }
  }

  /** Runs commands that ask a running topology; a thread gives recorded answers. */
  private void runWithSupervisor(Main program) throws IOException {
    Path directory = Files.createDirectories(stage.resolve("topology/answering"));
    Files.createFile(directory.resolve("lock"));
    Files.writeString(directory.resolve("state.json"), STATE);
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(directory.resolve("control")));
      Thread supervisor = new Thread(() -> serve(socket), "training-supervisor");
      supervisor.setDaemon(true);
      supervisor.start();
      program.run("ps");
      program.run("exec", "client", "true");
    }
  }

  /** One connection after the other. A probe for a listening socket sends nothing. */
  private static void serve(ServerSocketChannel socket) {
    while (socket.isOpen()) {
      try (SocketChannel client = socket.accept();
          Scanner lines = new Scanner(client, UTF_8)) {
        client.write(UTF_8.encode(GREETING));
        while (lines.hasNextLine()) {
          String line = lines.nextLine();
          String answer = line.contains("status") ? STATUS : line.contains("exec") ? EXEC : "";
          client.write(UTF_8.encode(answer));
        }
      } catch (IOException gone) {
        // The next one, or the end.
      }
    }
  }

  private UserDirectories user() {
    UserDirectories real = UserDirectories.ofProcess();
    Map<String, String> environment = new HashMap<>(real.environment());
    environment.remove("TOPOLOGY_QEMU");
    environment.merge("PATH", stage.toString(), (path, ours) -> ours + ":" + path);
    environment.put("XDG_CACHE_HOME", stage.toString());
    environment.put("XDG_RUNTIME_DIR", stage.toString());
    return UserDirectories.of(environment, real.directory());
  }
}
