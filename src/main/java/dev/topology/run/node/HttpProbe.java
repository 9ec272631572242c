package dev.topology.run.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.topology.console.GuestText;
import dev.topology.model.Readiness.Condition.HttpAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends a request of HTTP/1.1 (RFC 9112) over a connection that a guest has accepted. Only the
 * status of the answer counts: success is 200 to 299, and a redirection, 300 to 399, which is not
 * followed. A connection that breaks off is told only while no answer has come: a guest that powers
 * off breaks off the last one, which says less than what it had answered before.
 */
final class HttpProbe implements PortWatch.Check {

  private static final int SECONDS_TO_ANSWER = 10;
  private static final int LONGEST_HEAD = 64 * 1024;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");
  private static final Pattern INTERIM = Pattern.compile("HTTP/1\\.[01] 1[0-9]{2}\\b");
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final String request;
  private final Consumer<GuestText> results;
  private boolean answered;

  /**
   * @param results takes what came of a request that did not succeed
   */
  HttpProbe(String node, HttpAnswer wanted, Consumer<GuestText> results) {
    this.request =
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nAccept: */*\r\nUser-Agent: topology\r\nConnection: close\r\n\r\n"
            .formatted(wanted.path(), node, wanted.guestPort());
    this.results = results;
  }

  @Override
  public boolean passes(Socket accepted) {
    try {
      accepted.getOutputStream().write(request.getBytes(US_ASCII));
      return judge(statusLine(accepted));
    } catch (SocketTimeoutException e) {
      return failed("no answer came within " + SECONDS_TO_ANSWER + " s");
    } catch (IOException e) {
      return brokeOff("the connection broke off: " + e.getMessage());
    }
  }

  private boolean judge(String line) {
    Matcher status = STATUS_LINE.matcher(line);
    if (line.isEmpty()) {
      return brokeOff("the connection was closed without an answer");
    }
    answered = true;
    if (!status.matches()) {
      return failed("the answer was not HTTP: \"" + line + '"');
    }
    int number = Integer.parseInt(status.group(1));
    return (number >= 200 && number < 400) || failed("the last answer was \"" + line + '"');
  }

  private boolean brokeOff(String how) {
    return !answered && failed(how);
  }

  private boolean failed(String why) {
    results.accept(GuestText.line(why));
    return false;
  }

  /** The first line of the answer; what came of it if the guest ends it before its line end. */
  private static String statusLine(Socket connection) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_ANSWER);
    InputStream in = connection.getInputStream();
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    byte[] piece = new byte[1024];
    while (received.size() < LONGEST_HEAD) {
      long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (millis <= 0) {
        throw new SocketTimeoutException();
      }
      connection.setSoTimeout((int) millis);
      int count = in.read(piece);
      if (count < 0) {
        break;
      }
      received.write(piece, 0, count);
      Optional<String> line = statusLine(received.toString(ISO_8859_1));
      if (line.isPresent()) {
        return line.get();
      }
    }
    return received.toString(ISO_8859_1).lines().findFirst().orElse("");
  }

  /** The first line that is not that of an interim answer, 100 to 199: RFC 9110, section 15.2. */
  static Optional<String> statusLine(String received) {
    int start = 0;
    Matcher interim = INTERIM.matcher(received);
    while (interim.region(start, received.length()).lookingAt()) {
      int end = received.indexOf(END_OF_HEAD, start);
      if (end < 0) {
        return Optional.empty();
      }
      start = end + END_OF_HEAD.length();
    }
    int end = received.indexOf('\n', start);
    return end < 0 ? Optional.empty() : Optional.of(received.substring(start, end).strip());
  }
}
