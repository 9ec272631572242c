package dev.topology.launch;

import dev.topology.host.UnfitHostException;
import dev.topology.image.BuildGuest;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.model.Topology;
import dev.topology.plan.PlanException;
import dev.topology.run.Execution;
import dev.topology.run.GuestAgentException;
import dev.topology.run.LaunchException;
import dev.topology.run.NodeEndedException;
import dev.topology.run.OutOfTimeException;
import dev.topology.run.RunEndedException;
import dev.topology.run.RunListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A guest of an image build: a topology of one node, without any network. */
final class MicroVmGuest implements BuildGuest {

  private static final String NODE = "build";

  /** A command's output has been read to its end when its exit status is awaited. */
  private static final Duration TO_END = Duration.ofMinutes(1);

  private final Launch launch;

  private MicroVmGuest(Launch launch) {
    this.launch = launch;
  }

  /** Its files in memory twice, as an archive and unpacked, and what the programs need. */
  private static final String TOPOLOGY =
      """
      name: image-build-%d
      nodes:
        %s:
          image: "%s"
          memory: 1GiB
          host_network: false
          ready: {within: 5m}
      """;

  static BuildGuest boot(Launcher launcher, Path image)
      throws ImageException, InterruptedException {
    try {
      Topology topology = topology(launcher, image);
      Launch launch =
          launcher.start(
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

  private static Topology topology(Launcher launcher, Path image) {
    String quoted =
        image
            .toAbsolutePath()
            .toString()
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("$", "$$");
    String text = TOPOLOGY.formatted(ProcessHandle.current().pid(), NODE, quoted);
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return launcher.load(in, "<image build>").orElseThrow();
  }

  @Override
  public int run(List<String> command, Reader reader)
      throws ImageException, IOException, InterruptedException {
    try (Execution execution = launch.topology().node(NODE).exec(command)) {
      execution.input().close();
      reader.read(execution.output());
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
}
