package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.posix.Landlock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a QEMU reaches of the host that somebody else commands, such as its guest. */
class ConfinementTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String DONE = "done";

  @TempDir Path directory;

  @Test
  void aQemuReachesItsOwnFilesUnlessArgumentsOfTheUserNameOthers() throws Exception {
    assumeTrue(Landlock.version() >= 4, "this kernel's Landlock knows nothing of TCP");
    Path secret = Files.writeString(directory.resolve("secret"), "x".repeat(512));
    var topology =
        TestNode.topology("kept", node("kept"), node("free").withQemuArgs("-msg", "timestamp=off"));
    try (RecordedRun run = RecordedRun.of(topology, directory.resolve("run"));
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      run.running().ready().get(10, TimeUnit.MINUTES);
      RunningNode kept = run.running().node("kept");
      RunningNode free = run.running().node("free");

      QmpCommand reading = command("blockdev-add");
      reading.arguments().put("driver", "file").put("node-name", "disk").put("read-only", true);
      reading.arguments().put("filename", secret.toString());
      assertThat(answer(kept, reading)).contains("secret", "Permission denied");
      assertThat(answer(free, reading)).isEqualTo(DONE);

      Path memory = directory.resolve("memory");
      QmpCommand writing = command("pmemsave");
      writing.arguments().put("val", 0).put("size", 4096).put("filename", memory.toString());
      assertThat(answer(kept, writing)).contains("memory");
      assertThat(memory).doesNotExist();
      assertThat(answer(free, writing)).isEqualTo(DONE);
      assertThat(memory).hasSize(4096);

      QmpCommand calling = command("chardev-add");
      ObjectNode backend = calling.arguments().put("id", "call").putObject("backend");
      ObjectNode socket = backend.put("type", "socket").putObject("data").put("server", false);
      ObjectNode address = socket.putObject("addr").put("type", "inet").putObject("data");
      address.put("host", "127.0.0.1").put("port", String.valueOf(server.getLocalPort()));
      assertThat(answer(kept, calling)).contains("Permission denied");
      assertThat(answer(free, calling)).isEqualTo(DONE);

      assertThat(run.qemus()).hasSize(2).allSatisfy(ConfinementTest::assertFewVariables);
    }
  }

  private static QmpCommand command(String name) {
    return new QmpCommand(name, JSON.objectNode());
  }

  private static String answer(RunningNode node, QmpCommand command) throws Exception {
    try {
      node.waiter().ports().qmp().execute(command).get(10, TimeUnit.MINUTES);
      return DONE;
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static void assertFewVariables(ProcessHandle qemu) throws Exception {
    byte[] environment = Files.readAllBytes(Path.of("/proc", qemu.pid() + "", "environ"));
    assertThat(Stream.of(new String(environment, StandardCharsets.UTF_8).split("\0")))
        .filteredOn(it -> !it.isEmpty())
        .allMatch(it -> it.matches("(?s)(LD_LIBRARY_PATH|TMPDIR|TZ)=.*"));
  }
}
