package dev.topology.launch;

import dev.topology.host.UnfitHostException;
import dev.topology.image.BuildGuest;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.model.Architecture;
import dev.topology.model.Topology;
import dev.topology.plan.Planner.PlanException;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.exec.Execution;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A guest of an image build: a topology of one node, without any network. */
final class MicroVmGuest implements BuildGuest {

  private static final String NODE = "build";

  /** A command's output has been read to its end when its exit status is awaited. */
  private static final Duration TO_END = Duration.ofMinutes(1);

  private final Launch launch;

  private MicroVmGuest(Launch launch) {
    this.launch = launch;
  }

  /**
   * Memory for its files twice, as an archive and unpacked, and what the programs need. QEMU keeps
   * translated code by its address: without randomized addresses (kernel-parameters.txt) a program
   * starts three times as fast under emulation.
   */
  private static final String TOPOLOGY =
      """
      name: image-build-%d
      nodes:
        %s:
          image: "%s"
          arch: %s
          memory: 1GiB
          cmdline: norandmaps
          host_network: false
          ready: {within: 5m}
      """;

  static BuildGuest boot(Launcher launcher, Architecture architecture, Path image)
      throws ImageException, InterruptedException {
    try {
      Topology topology = topology(launcher, architecture, image);
      Launch launch =
          Launch.start(
              launcher.prepare(topology, new BuildListener() {}).plan(), RunListener.SILENT);
      launch.discardFiles();
      try {
        launch.topology().awaitReady();
        return new MicroVmGuest(launch);
      } catch (RuntimeException | InterruptedException e) {
        launch.close();
        throw e;
      }
    } catch (UnfitHostException e) {
      throw ImageException.noGuest(e.getMessage() + ". " + e.remedy(), e);
    } catch (LaunchException e) {
      throw ImageException.noGuest(e.what() + ": " + e.remedy(), e);
    } catch (PlanException | RunEndedException | NodeEndedException e) {
      throw ImageException.noGuest(String.valueOf(e.getMessage()), e);
    }
  }

  private static Topology topology(Launcher launcher, Architecture architecture, Path image) {
    String quoted =
        image
            .toAbsolutePath()
            .toString()
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("$", "$$");
    String text = TOPOLOGY.formatted(ProcessHandle.current().pid(), NODE, quoted, architecture);
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return launcher.load(in, "<image build>").orElseThrow();
  }

  @Override
  public int run(List<String> command, Duration silence, Reader reader)
      throws ImageException, SilentException, IOException, InterruptedException {
    try (Execution execution = launch.topology().node(NODE).exec(command);
        HeardOutput output = new HeardOutput(execution, silence)) {
      execution.input().close();
      try {
        reader.read(output);
      } catch (IOException e) {
        if (output.isSilent()) {
          throw new SilentException(silence);
        }
        throw e;
      }
      if (output.isSilent()) {
        throw new SilentException(silence);
      }
      return execution.awaitEnd(TO_END);
    } catch (InterruptedIOException e) {
      throw new InterruptedException();
    } catch (NodeEndedException | GuestAgentException | OutOfTimeException | RunEndedException e) {
      throw ImageException.noGuest(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    launch.close();
  }

  /** A command's output; ends the command once it has written nothing for too long. */
  private static final class HeardOutput extends FilterInputStream {

    private final Execution execution;
    private final Duration silence;
    private final ScheduledExecutorService alarm =
        Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "image-build-silence"));
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean silent;

    HeardOutput(Execution execution, Duration silence) {
      super(execution.output());
      this.execution = execution;
      this.silence = silence;
      var unused = alarm.schedule(this::check, silence.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void check() {
      long left = heardNanos + silence.toNanos() - System.nanoTime();
      if (left > 0) {
        var unused = alarm.schedule(this::check, left, TimeUnit.NANOSECONDS);
      } else {
        silent = true;
        execution.close();
      }
    }

    boolean isSilent() {
      return silent;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      heardNanos = System.nanoTime();
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      heardNanos = System.nanoTime();
      return count;
    }

    @Override
    public void close() throws IOException {
      alarm.shutdownNow();
      super.close();
    }
  }
}
