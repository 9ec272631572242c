package dev.topology.image.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.image.oci.LayerMerger.Limits;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference.Remote;
import dev.topology.testing.ChildJvm;
import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls in the middle of which the registry, the network or the disk fails, or another begins. */
@Timeout(600)
class PullFaultsTest {

  private static final int LAYER = 6 << 20;
  private static final BuildListener SILENT = new BuildListener() {};

  @TempDir private Path directory;

  /** What a registry does instead of sending a layer. */
  private enum Fault {
    BREAKS_OFF,
    STALLS,
    SAYS_IT_IS_SHORTER,
    SENDS_IT_FROM_ITS_START
  }

  private final Map<String, byte[]> content = new ConcurrentHashMap<>();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private CountDownLatch open = new CountDownLatch(0);
  private String layer = "";
  private HttpServer server;
  private Remote image;

  @BeforeEach
  void serve() throws Exception {
    byte[] noise = new byte[LAYER];
    new Random(1).nextBytes(noise);
    Path layout = directory.resolve("layout");
    LayoutMaker maker =
        new LayoutMaker(layout)
            .layer(new TarMaker().file("noise", new String(noise, ISO_8859_1)).bytes())
            .image("v1", Map.of("Cmd", List.of("x")));
    layer = "/v2/app/blobs/sha256:" + maker.packed(0).getFileName();
    try (ImageParts parts = new ImageParts.OfDirectory(layout);
        Stream<Path> files = Files.list(layout.resolve("blobs/sha256"))) {
      for (Path file : files.toList()) {
        content.put("/v2/app/blobs/sha256:" + file.getFileName(), Files.readAllBytes(file));
      }
      content.put(
          "/v2/app/manifests/v1",
          ContainerImage.checked(parts, ContainerImage.named(parts, Optional.of("v1"))));
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    image =
        new Remote(
            "127.0.0.1:" + server.getAddress().getPort(),
            "app",
            Optional.of("v1"),
            Optional.empty());
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Optional<String> range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"));
    asked.add(path + range.map(it -> " " + it).orElse(""));
    byte[] all = content.getOrDefault(path, new byte[0]);
    try (exchange) {
      open.await();
      Fault fault = path.equals(layer) ? faults.poll() : null;
      if (range.isPresent() && fault != Fault.SENDS_IT_FROM_ITS_START) {
        int from = Integer.parseInt(range.get().replaceAll("\\D", ""));
        byte[] rest = Arrays.copyOfRange(all, from, all.length);
        exchange.sendResponseHeaders(206, rest.length);
        exchange.getResponseBody().write(rest);
        return;
      }
      int sent =
          fault == null || fault == Fault.SENDS_IT_FROM_ITS_START ? all.length : all.length / 2;
      exchange.sendResponseHeaders(200, fault == Fault.SAYS_IT_IS_SHORTER ? sent : all.length);
      exchange.getResponseBody().write(all, 0, sent);
      exchange.getResponseBody().flush();
      if (fault == Fault.STALLS) {
        stalled.countDown();
        over.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ContainerStore store(Duration silence) {
    return new ContainerStore(directory.resolve("store"), Map.of(), Limits.USUAL, silence);
  }

  private long requestsForTheLayer() {
    return asked.stream().filter(it -> it.startsWith(layer)).count();
  }

  @Test
  void goesOnWhereALayerBrokeOff() throws Exception {
    faults.addAll(List.of(Fault.BREAKS_OFF, Fault.SENDS_IT_FROM_ITS_START));
    assertThat(store(Duration.ofMinutes(1)).ensure(image, Architecture.AMD64, SILENT)).exists();
    assertThat(requestsForTheLayer()).isEqualTo(2);
    assertThat(asked).anyMatch(it -> it.startsWith(layer + " bytes="));
  }

  @Test
  void asksAgainWhereARegistryStalls() throws Exception {
    faults.add(Fault.STALLS);
    assertThat(store(Duration.ofSeconds(2)).ensure(image, Architecture.AMD64, SILENT)).exists();
    assertThat(asked).anyMatch(it -> it.startsWith(layer + " bytes="));
  }

  @Test
  void givesUpALayerThatIsCutOffEachTimeAndLeavesNothingOfIt() throws Exception {
    faults.addAll(List.of(Fault.BREAKS_OFF, Fault.BREAKS_OFF));
    byte[] whole = Objects.requireNonNull(content.get(layer));
    content.put(layer, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> store(Duration.ofMinutes(1)).ensure(image, Architecture.AMD64, SILENT))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("the registry sent ")
        .hasMessageContaining(" of " + whole.length + " bytes");
    assertNothingIsHalfDone();

    content.put(layer, whole);
    faults.add(Fault.SAYS_IT_IS_SHORTER);
    assertThat(store(Duration.ofMinutes(1)).ensure(image, Architecture.AMD64, SILENT)).exists();
  }

  private void assertNothingIsHalfDone() throws IOException {
    try (Stream<Path> left = Files.walk(directory.resolve("store"))) {
      assertThat(left.map(it -> it.getFileName().toString()))
          .noneMatch(it -> it.startsWith(".build"))
          .doesNotContain(layer.substring(layer.indexOf(':') + 1));
    }
  }

  @Test
  void anInterruptEndsOneThatStalls() throws Exception {
    faults.add(Fault.STALLS);
    Thread puller = Thread.currentThread();
    threads.execute(
        () -> {
          try {
            stalled.await();
            puller.interrupt();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> store(Duration.ofMinutes(20)).pull(image, Architecture.AMD64, SILENT));
    assertNothingIsHalfDone();
  }

  /** The second waits for the first, and finds all that it needs. */
  @Test
  void twoProcessesFetchItOnce() throws Exception {
    open = new CountDownLatch(1);
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(new ProcessBuilder(child(directory.resolve("store"))).start());
    }
    List<String> said = new CopyOnWriteArrayList<>();
    for (Process each : both) {
      threads.execute(
          () -> each.inputReader().lines().peek(it -> open.countDown()).forEach(said::add));
    }
    for (Process each : both) {
      assertThat(each.waitFor()).isZero();
    }
    assertThat(requestsForTheLayer()).isEqualTo(1);
    assertThat(said).contains("waiting");
    assertThat(store(Duration.ofMinutes(1)).ensure(image, Architecture.AMD64, SILENT)).exists();
  }

  private List<String> child(Path root) {
    return ChildJvm.command(PullFaultsTest.class, root.toString(), image.registry());
  }

  /** In the first case the layer does not fit, in the second what is made of it. */
  @Test
  void aFullDiskIsSaidAndLeavesNothingHalfDone() throws Exception {
    Path full = Files.createDirectory(directory.resolve("full"));
    for (String size : List.of("3m", "9m")) {
      List<String> command =
          new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "sh", "-c"));
      String mount = "mount -t tmpfs -o size=%s tmpfs %s && exec \"$@\"".formatted(size, full);
      command.addAll(List.of(mount, "sh"));
      List<String> probe = new ArrayList<>(command);
      probe.add("true");
      if (new ProcessBuilder(probe).start().waitFor() != 0) {
        Unavailable.because("no file system can be mounted in a name space");
      }
      command.addAll(child(full));
      Process pull = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(pull.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(pull.waitFor()).as(said).isZero();
      assertThat(said)
          .contains("cannot use the container image " + image + ": ")
          .contains("No space left on device. Free some space there, or set XDG_CACHE_HOME")
          .contains("left: []");
    }
  }

  /** Fetches an image into a store, and says what comes of it. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Remote image = new Remote(arguments[1], "app", Optional.of("v1"), Optional.empty());
    try {
      new ContainerStore(root, Map.of())
          .ensure(
              image,
              Architecture.AMD64,
              new BuildListener() {
                @Override
                public void waiting() {
                  System.out.println("waiting");
                }
              });
    } catch (ImageException e) {
      System.out.println(e.getMessage());
    }
    try (Stream<Path> left = Files.list(root)) {
      System.out.println("left: " + left.filter(it -> it.toString().contains("build")).toList());
    }
  }
}
