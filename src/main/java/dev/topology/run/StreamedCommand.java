package dev.topology.run;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A command that the server behind {@code topology.shell} runs, each of its streams over a port of
 * its own: see {@link dev.topology.guest.ExecRequest}. Its ports are given back once it has ended
 * and all it wrote has been read.
 */
final class StreamedCommand implements GuestCommand {

  private static final Duration TO_KILL = Duration.ofMillis(100);

  private final long id;
  private final ShellLink link;
  private final CommandStreams streams;
  private final CompletableFuture<Integer> status;
  private final OutputStream input;
  private final EndMarked output;
  private final EndMarked errors;

  StreamedCommand(
      long id, String token, ShellLink link, CommandStreams streams, EndMarked.Broken broken) {
    this.id = id;
    this.link = link;
    this.streams = streams;
    this.status = link.exitOf(id);
    byte[] mark = token.getBytes(StandardCharsets.US_ASCII);
    this.output = new EndMarked(streams.output().socket(), mark, broken);
    this.errors = new EndMarked(streams.errors().socket(), mark, broken);
    this.input = CommandInput.of(streams.input());
    var ended = status.thenRun(streams.input()::close);
    var unused =
        CompletableFuture.allOf(ended, output.ended(), errors.ended()).thenRun(streams::close);
  }

  @Override
  public OutputStream input() {
    return input;
  }

  @Override
  public InputStream output() {
    return output;
  }

  @Override
  public InputStream errors() {
    return errors;
  }

  @Override
  public CompletableFuture<Integer> status() {
    return status;
  }

  @Override
  public boolean isStreamed() {
    return true;
  }

  @Override
  public void kill() throws InterruptedException {
    link.abandonExit(id, Deadline.in(TO_KILL));
  }

  @Override
  public void close() {
    streams.close();
  }
}
