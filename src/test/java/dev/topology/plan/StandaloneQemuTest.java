package dev.topology.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Architecture;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Topology;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the snippet for a shell, with a guest that is held, so that QEMU judges every option. */
class StandaloneQemuTest {

  private final Path qemu = TestHost.qemu();

  private final List<Process> started = new ArrayList<>();

  @TempDir private Path directory;

  @AfterEach
  void leavesNothingRunning() {
    started.forEach(shell -> shell.descendants().forEach(ProcessHandle::destroyForcibly));
  }

  @Test
  void qemuTakesEveryOption() throws Exception {
    Topology topology = topology(new Lab.Draft("a"));

    Process shell = shell(topology);
    tellToQuit(shell);

    assertThat(shell.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(shell.exitValue()).as(output()).isZero();
  }

  @Test
  void saysWhatIsMissingWhereFilesWereNotLaidOver() throws Exception {
    Topology topology = topology(new Lab.Draft("a").files(new FileOverlay("/x", qemu)));

    Process shell = shell(topology);

    assertThat(shell.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(shell.exitValue()).isOne();
    assertThat(output())
        .contains("run topology up first, for " + directory + "/run, dir/a.initramfs");
  }

  private Topology topology(Lab.Draft draft) throws IOException {
    // QEMU 7.2 loads anything as a Linux of the first protocol, and a held guest never runs it.
    Path kernel = Files.write(directory.resolve("kernel, it's one"), new byte[4096]);
    return new Lab()
        .node(
            draft
                .boot(
                    new BootSource(
                        Optional.empty(), Optional.of(kernel), Optional.empty(), "a='b,c' $HOME"))
                .channels("results")
                .ports(Lab.forward(Protocol.TCP, 22, 0), Lab.forward(Protocol.UDP, 53, 0))
                .services(Lab.service("10.42.0.100", 5000, "127.0.0.1", 1))
                .qemuArgs("-S", "-qmp", "unix:" + monitor() + ",server=on,wait=off"))
        .node("b")
        .cable("a", 1, "b", 1)
        .cable("a", 2, "a", 3)
        .topology("one");
  }

  private Process shell(Topology topology) throws Exception {
    HostFacts host =
        HostFacts.of(
            Architecture.AMD64,
            Lab.guests(new HostFacts.QemuBinary(qemu, "any", true), Lab.guests().images()));
    PlanOptions options = new PlanOptions(directory.resolve("run, dir"));
    String script = Planner.standalone(topology, host, options, topology.nodes().get(0)).script();
    Process shell =
        new ProcessBuilder(List.of("sh", "-c", script))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    started.add(shell);
    return shell;
  }

  /** The monitor answers once QEMU has made all its devices. */
  private void tellToQuit(Process shell) throws IOException {
    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> Files.exists(monitor()) || !shell.isAlive());
    assertThat(shell.isAlive()).as(output()).isTrue();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(monitor()));
      // No line end: QEMU would be gone before it read it, which resets the connection.
      String commands = QmpCommand.capabilities().line() + "\n" + QmpCommand.quit().line();
      channel.write(ByteBuffer.wrap(commands.getBytes(UTF_8)));
      ByteBuffer rest = ByteBuffer.allocate(4096);
      while (channel.read(rest) >= 0) {
        rest.clear();
      }
    }
  }

  private Path monitor() {
    return directory.resolve("qmp");
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("output"));
    } catch (IOException e) {
      return "no output: " + e;
    }
  }
}
