package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Instances.Life;
import dev.topology.control.Instances.Supervisor;
import dev.topology.control.TopologyStatus.CableStatus;
import dev.topology.control.TopologyStatus.NodeStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class ControlServerTest {

  @TempDir private Path place;
  private ControlledRun run;

  @BeforeEach
  void setUp() throws Exception {
    run = ControlledRun.start(place);
  }

  @AfterEach
  void tearDown() {
    run.close();
  }

  @Test
  void saysFirstWhatItIs() throws Exception {
    try (RawClient client = new RawClient(run.directory())) {
      ObjectNode greeting = client.read();

      assertThat(greeting.path("topology-control").asInt()).isEqualTo(1);
      assertThat(greeting.path("name").asText()).isEqualTo("pair");
      assertThat(greeting.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
    }
  }

  @Test
  void tellsHowEverythingIs() throws Exception {
    try (ControlClient client = run.connect()) {
      TopologyStatus status = client.call(new Request.Status());

      assertThat(status.state()).isEqualTo("starting");
      assertThat(status.file()).isEqualTo(place.resolve("pair.yaml"));
      assertThat(status.nodes()).extracting(NodeStatus::name).containsExactly("left", "right");
      assertThat(status.cables())
          .containsExactly(
              new CableStatus(
                  "uplink",
                  "left:eth1",
                  "right:eth1",
                  "joined",
                  List.of("10.64.0.0/31"),
                  List.of("10.64.0.1/31"),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()));
      assertThat(client.call(new Request.ListCables()).cables()).isEqualTo(status.cables());
    }
  }

  @Test
  void aFileThatCannotBeAppliedChangesNothing() throws Exception {
    String right = "name: pair\nnodes: {left: {}, right: {}, more: {}}\n";
    assertRefused(right.replace("{}", "{memory: little}"), "/", ErrorId.BAD_FIELD, "little");
    assertRefused(right.replace("{}", "{kernel: ./none}"), "/", ErrorId.BAD_FIELD, "/none");
    assertRefused(right.replace("{}", "{image: unbuilt}"), "/", ErrorId.REFUSED, "unbuilt");
    assertRefused(right, "here", ErrorId.BAD_FIELD, "absolute");
    assertRefused("#" + "x".repeat(10 << 20), "/", ErrorId.BAD_FIELD, "bytes of text");
    try (ControlClient client = run.connect()) {
      assertThat(client.call(new Request.Status()).nodes())
          .extracting(NodeStatus::name)
          .containsExactly("left", "right");
    }
  }

  private void assertRefused(String text, String directory, ErrorId id, String why)
      throws Exception {
    Request.Apply request =
        new Request.Apply("pair.yaml", directory, run.environment(), List.of(), false);
    try (ControlClient client = run.connect()) {
      assertThatThrownBy(
              () ->
                  client.call(
                      request,
                      new ControlClient.Listener() {},
                      new ByteArrayInputStream(text.getBytes(UTF_8))))
          .isInstanceOfSatisfying(ControlException.class, e -> assertThat(e.id()).isEqualTo(id))
          .hasMessageContaining(why);
    }
  }

  @Test
  void whoSendsTheInputOfARefusedRequestEndsWithTheConversation() throws Exception {
    CompletableFuture<Thread> sending = new CompletableFuture<>();
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int count) {
            sending.complete(Thread.currentThread());
            return count;
          }
        };
    Thread sender;
    try (ControlClient client = run.connect()) {
      assertThatThrownBy(
              () ->
                  client.call(
                      new Request.Apply("pair.yaml", "here", List.of(), List.of(), false),
                      new ControlClient.Listener() {},
                      endless))
          .isInstanceOf(ControlException.class);
      sender = sending.join();
      await().until(() -> sender.getState() == Thread.State.WAITING);
    }

    sender.join(Duration.ofMinutes(10).toMillis());
    assertThat(sender.isAlive()).isFalse();
  }

  @Test
  void namesWhatThereIsWhereANameIsUnknown() throws Exception {
    try (ControlClient client = run.connect()) {
      assertThatThrownBy(() -> client.call(new Request.CutCable("uplnk")))
          .isInstanceOfSatisfying(
              ControlException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.UNKNOWN_CABLE))
          .hasMessageContaining("has no cable \"uplnk\"; there is uplink");
      assertThatThrownBy(() -> client.call(new Request.Pause(List.of("left", "rigth"))))
          .isInstanceOfSatisfying(
              ControlException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.UNKNOWN_NODE))
          .hasMessageContaining("there is right and left");
      assertThatThrownBy(() -> client.call(new Request.Pause(List.of("left"))))
          .isInstanceOfSatisfying(
              ControlException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.REFUSED))
          .hasMessageContaining("left has not been started yet");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{                                              | malformed",
        "[]                                             | malformed",
        "null                                           | malformed",
        "{\"id\":1,\"do\":\"status\"} {}                | malformed",
        "{\"id\":1,\"id\":2,\"do\":\"status\"}          | malformed",
        "{\"do\":\"status\"}                            | malformed",
        "{\"id\":-1,\"do\":\"status\"}                  | malformed",
        "{\"id\":1.5,\"do\":\"status\"}                 | malformed",
        "{\"id\":99999999999999999999,\"do\":\"status\"}| malformed",
        "{\"id\":\"1\",\"do\":\"status\"}               | malformed",
        "{\"id\":1}                                     | malformed",
        "{\"id\":1,\"do\":{}}                           | malformed",
        "{\"id\":1,\"do\":\"halt\"}                     | unknown-request",
        "{\"id\":1,\"do\":\"cable.cut\"}                | bad-field",
        "{\"id\":1,\"do\":\"cable.cut\",\"cable\":7}    | bad-field",
        "{\"id\":1,\"do\":\"status\",\"verbose\":true}  | bad-field",
        "{\"id\":1,\"do\":\"events\",\"follow\":1}      | bad-field",
        "{\"id\":1,\"do\":\"node.pause\",\"nodes\":[1]} | bad-field",
        "{\"id\":1,\"do\":\"node.window\",\"node\":\"left\",\"rows\":0,\"columns\":80} | bad-field",
        "{\"id\":1,\"do\":\"node.window\",\"node\":\"left\",\"rows\":\"50\",\"columns\":80} | bad-field",
        "{\"id\":1,\"do\":\"node.window\",\"node\":\"left\",\"rows\":50,\"columns\":65536} | bad-field",
        "{\"id\":1,\"do\":\"node.pause\",\"nodes\":\"a\"}| bad-field",
      })
  void refusesWhatIsNoRequestAndGoesOn(String line, String error) throws Exception {
    try (RawClient client = new RawClient(run.directory())) {
      client.read();

      assertThat(client.send(line).read().path("error").path("id").asText()).isEqualTo(error);
      assertThat(client.send("{\"id\":8,\"do\":\"status\"}").read().path("id").asInt())
          .isEqualTo(8);
    }
  }

  @Test
  void refusesLinesThatAreTooLongTooDeepOrNotInUtf8() throws Exception {
    try (RawClient client = new RawClient(run.directory())) {
      client.read();

      assertThat(error(client.send("\"" + "x".repeat(3 * JsonLines.LONGEST) + "\"")))
          .isEqualTo("too-long");
      assertThat(error(client.send("[".repeat(500_000)))).isEqualTo("malformed");
      assertThat(error(client.send(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"', '\n'})))
          .isEqualTo("malformed");
      assertThat(client.send("{\"id\":8,\"do\":\"status\"}").read().has("ok")).isTrue();
    }
  }

  private static String error(RawClient client) throws IOException, ControlException {
    return client.read().path("error").path("id").asText();
  }

  @Test
  void answersThousandsOfHostileMessages() throws Exception {
    Random random = new Random(4711);
    try (RawClient client = new RawClient(run.directory())) {
      client.read();
      int lines = 5_000;
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < lines; i++) {
                  sendGarbage(client, random);
                }
              });
      for (int i = 0; i < lines; i++) {
        assertThat(client.read().has("error")).isTrue();
      }
      sending.join();
    }
    try (ControlClient client = run.connect()) {
      assertThat(client.call(new Request.Status()).nodes()).hasSize(2);
    }
  }

  /** A line that is none of ours, whatever it holds. */
  private static void sendGarbage(RawClient client, Random random) {
    byte[] garbage = new byte[1 + random.nextInt(200)];
    random.nextBytes(garbage);
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] = garbage[i] == '\n' ? (byte) '{' : garbage[i];
    }
    garbage[garbage.length - 1] = '\n';
    try {
      client.send(garbage);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void isNotHeldUpByAClientThatReadsNothing() throws Exception {
    byte[] request = "{\"id\":1,\"do\":\"status\"}\n".getBytes(UTF_8);
    try (RawClient deaf = new RawClient(run.directory());
        ControlClient other = run.connect()) {
      deaf.channel().configureBlocking(false);
      await()
          .until(
              () -> {
                int sent = 0;
                for (int i = 0; i < 1_000; i++) {
                  sent += deaf.channel().write(ByteBuffer.wrap(request));
                }
                return sent == 0;
              });

      assertThat(other.call(new Request.Status()).nodes()).hasSize(2);
      CompletableFuture<RunEnding> end = CompletableFuture.supplyAsync(() -> awaitEnd(other));
      run.close();
      assertThat(end.join().outcome()).isEqualTo(RunEnding.How.STOPPED);
    }
  }

  private static RunEnding awaitEnd(ControlClient client) {
    try {
      return client.call(new Request.AwaitEnd());
    } catch (ControlException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void hasAPlaceForACommandHoweverManyWait() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < ControlServer.MOST_HELD; i++) {
      clients.add(new RawClient(run.directory()));
      clients.get(i).read();
      clients.get(i).send("{\"id\":1,\"do\":\"events\",\"follow\":true}");
      clients.get(i).send("{\"id\":2,\"do\":\"await.end\"}");
      assertThat(clients.get(i).send("{\"id\":3,\"do\":\"status\"}").read().has("error")).isFalse();
    }
    try (RawClient tooMany = new RawClient(run.directory())) {
      tooMany.read();
      assertThat(error(tooMany.send("{\"id\":1,\"do\":\"await.end\"}"))).isEqualTo("busy");
    }
    for (int i = 0; i < 2 * ControlServer.MOST_CONNECTIONS; i++) {
      clients.add(new RawClient(run.directory()));
    }

    try (ControlClient client = run.connect()) {
      assertThat(client.call(new Request.Status()).nodes()).hasSize(2);
      assertThat(down(client).outcome()).isEqualTo(RunEnding.How.STOPPED);
    }
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void endsARunWhoseDirectoryIsGone() throws Exception {
    try (ControlClient client = run.connect()) {
      CompletableFuture<RunEnding> end = CompletableFuture.supplyAsync(() -> awaitEnd(client));
      Path aside = Files.move(run.directory(), place.resolve("aside"));

      assertThat(end.join())
          .isEqualTo(
              new RunEnding(
                  RunEnding.How.UNGUARDED,
                  "its directory "
                      + run.directory()
                      + " was removed, so that no command could have ended it any more."));
      Files.move(aside, run.directory());
    }
  }

  /** A second run of the name may have made it again meanwhile. */
  @Test
  void leavesADirectoryAloneThatIsAnothers() throws Exception {
    Path others = Files.createDirectory(place.resolve("others"));
    Path lock = Files.writeString(others.resolve("lock"), "");
    Path socket = Files.writeString(others.resolve("control"), "");
    Path aside = Files.move(run.directory(), place.resolve("aside"));
    Files.move(others, run.directory());

    run.close();

    assertThat(run.directory().resolve(lock.getFileName())).exists();
    assertThat(run.directory().resolve(socket.getFileName())).exists();
    assertThat(run.directory().resolve("state.json")).doesNotExist();
    assertThat(aside.resolve("state.json")).exists();
  }

  @Test
  void takesNoMoreRequestsAtOnceThanItMay() throws Exception {
    try (RawClient client = new RawClient(run.directory())) {
      client.read();
      for (int i = 0; i < Connection.MOST_REQUESTS; i++) {
        client.send("{\"id\":" + i + ",\"do\":\"await.end\"}");
      }

      assertThat(error(client.send("{\"id\":100,\"do\":\"await.end\"}"))).isEqualTo("busy");
      assertThat(error(client.send("{\"id\":0,\"do\":\"status\"}"))).isEqualTo("id-in-use");
      assertThat(client.send("{\"id\":100,\"do\":\"status\"}").read().has("ok")).isTrue();
    }
  }

  @Test
  void tellsTheEndToAllWhoWaitAndNotesIt() throws Exception {
    try (ControlClient one = run.connect();
        ControlClient other = run.connect()) {
      CompletableFuture<RunEnding> waiting = CompletableFuture.supplyAsync(() -> awaitEnd(one));

      assertThat(other.call(new Request.Down()).outcome()).isEqualTo(RunEnding.How.STOPPED);
      assertThat(waiting.join().outcome()).isEqualTo(RunEnding.How.STOPPED);
    }
    run.close();

    Instance instance = new Instances(run.runtime()).named("pair").orElseThrow();
    assertThat(instance.life()).isEqualTo(Life.ENDED);
    assertThat(instance.ending()).map(RunEnding::outcome).contains(RunEnding.How.STOPPED);
    assertThat(ControlClient.connect(run.directory())).isEmpty();
  }

  @Test
  void servesTwoWhoAskAtOnce() throws Exception {
    try (ControlClient one = run.connect();
        ControlClient other = run.connect()) {
      CompletableFuture<RunEnding> first = CompletableFuture.supplyAsync(() -> down(one));
      CompletableFuture<RunEnding> second = CompletableFuture.supplyAsync(() -> down(other));

      assertThat(first.join()).isEqualTo(second.join());
    }
  }

  private static RunEnding down(ControlClient client) {
    try {
      return client.call(new Request.Down());
    } catch (ControlException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Also where the modes of the directories would let him in. */
  /** As a topology does that ends just when somebody connects. */
  @Test
  void whoGoesBeforeGreetingDoesNotListen(@TempDir Path directory) throws Exception {
    try (ControlSocket socket = ControlSocket.of(directory);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(socket.address());
      FutureTask<Void> going =
          new FutureTask<>(
              () -> {
                server.accept().close();
                return null;
              });
      new Thread(going, "going").start();

      assertThat(ControlClient.connect(directory)).isEmpty();
      going.get();
    }
  }

  @Test
  void turnsAnotherUserAway() throws Exception {
    assumeThat(Files.getOwner(Path.of("/proc/self")).getName()).isEqualTo("root");
    Path socket = ControlSocket.file(run.directory());
    for (Path open : List.of(run.directory(), socket)) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    String script =
        "socket(S, PF_UNIX, SOCK_STREAM, 0) and connect(S, sockaddr_un($ARGV[0])) or die $!;"
            + "print <S>";

    // In the directory of the socket, so that those above it may be private.
    Process nobody =
        new ProcessBuilder(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "perl",
                "-MSocket",
                "-e",
                script,
                String.valueOf(socket.getFileName()))
            .directory(run.directory().toFile())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(nobody.getInputStream().readAllBytes(), UTF_8))
        .contains("\"foreign-user\"")
        .doesNotContain("topology-control");
  }

  @Test
  void lastsAsLongAsTheRunUnderASupervisorThatAnswers() throws Exception {
    Optional<Instance> instance = new Instances(run.runtime()).named("pair");

    assertThat(instance).map(Instance::life).contains(Life.RUNNING);
    assertThat(instance.orElseThrow().supervisor()).map(Supervisor::name).contains("pair");
    assertThat(new Instances(run.runtime()).all()).containsExactly(instance.orElseThrow());
  }
}
