package dev.topology.run.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Readiness.Condition.HttpAnswer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpProbeTest {

  private final List<String> results = new ArrayList<>();
  private final HttpProbe probe =
      new HttpProbe(
          "web", new HttpAnswer(80, "/health?full=1"), result -> results.add(result.toString()));

  @Test
  void passesWithSuccessAndRedirections() throws Exception {
    assertThat(passes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")).isTrue();
    assertThat(passes("HTTP/1.0 204\r\n\r\n")).isTrue();
    assertThat(passes("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n\r\n")).isTrue();
    assertThat(passes("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"))
        .isTrue();
    assertThat(results).isEmpty();
  }

  @Test
  void saysWhatCameInstead() throws Exception {
    assertThat(passes("")).isFalse();
    assertThat(passes("HTTP/1.1 404 Not Found\r\n\r\n")).isFalse();
    assertThat(passes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\n\r\n")).isFalse();
    assertThat(passes("SSH-2.0-OpenSSH_9.2\r\n")).isFalse();
    assertThat(passes("HTTP/1.1 2000 OK\r\n")).isFalse();
    assertThat(passes("HTTP/1.1 200 \u001b[2JOK")).isTrue();
    assertThat(passes("x".repeat(100_000))).isFalse();
    assertThat(passes("HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000))).isFalse();
    assertThat(results.subList(0, 5))
        .containsExactly(
            "the connection was closed without an answer",
            "the last answer was \"HTTP/1.1 404 Not Found\"",
            "the last answer was \"HTTP/1.1 500 Oh\"",
            "the answer was not HTTP: \"SSH-2.0-OpenSSH_9.2\"",
            "the answer was not HTTP: \"HTTP/1.1 2000 OK\"");
    assertThat(results.subList(5, 7)).allMatch(it -> it.length() < 600);
  }

  @Test
  void tellsThatAConnectionBrokeOffOnlyWhileNoAnswerHasCome() throws Exception {
    assertThat(passes(HttpProbeTest::reset)).isFalse();
    assertThat(results).singleElement().asString().startsWith("the connection broke off: ");
    assertThat(passes("HTTP/1.1 503 Busy\r\n\r\n")).isFalse();
    assertThat(passes(HttpProbeTest::reset)).isFalse();
    assertThat(passes("")).isFalse();
    assertThat(results).hasSize(2).endsWith("the last answer was \"HTTP/1.1 503 Busy\"");
  }

  @Test
  void asksForThePathAndClosesTheConnection() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var request =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket connection = server.accept()) {
                  BufferedReader in =
                      new BufferedReader(
                          new InputStreamReader(connection.getInputStream(), ISO_8859_1));
                  List<String> head = new ArrayList<>();
                  for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                    head.add(line);
                  }
                  connection
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                  return head;
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(probe(server)).isTrue();
      assertThat(request.get(10, TimeUnit.MINUTES))
          .startsWith("GET /health?full=1 HTTP/1.1", "Host: web:80")
          .endsWith("Connection: close");
    }
  }

  private boolean passes(String answer) throws Exception {
    return passes(connection -> connection.getOutputStream().write(answer.getBytes(ISO_8859_1)));
  }

  private static void reset(Socket connection) throws IOException {
    connection.setSoLinger(/* on= */ true, 0);
  }

  private interface Answer {

    void give(Socket connection) throws IOException;
  }

  private boolean passes(Answer answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var answered =
          CompletableFuture.runAsync(
              () -> {
                try (Socket connection = server.accept()) {
                  // Closing with something unread would reset the connection.
                  while (connection.getInputStream().available() == 0) {
                    Thread.onSpinWait();
                  }
                  connection.getInputStream().skip(connection.getInputStream().available());
                  answer.give(connection);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      boolean passed = probe(server);
      answered.exceptionally(cutOff -> null).get(10, TimeUnit.MINUTES);
      return passed;
    }
  }

  private boolean probe(ServerSocket server) throws Exception {
    try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      return probe.passes(socket);
    }
  }
}
