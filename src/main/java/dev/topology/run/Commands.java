package dev.topology.run;

import dev.topology.guest.ExecRequest;
import dev.topology.plan.ShellWord;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Starts commands in one node. */
final class Commands {

  private static final int TOKEN_BYTES = 16;
  private static final String SERVED =
      "anything in it ran commands: the image has to serve the port topology.shell, as the"
          + " built-in one does, or have a QEMU guest agent";

  private final SecureRandom random = new SecureRandom();
  private final Supplier<NodeFate> fates;

  Commands(Supplier<NodeFate> fates) {
    this.fates = fates;
  }

  /** The script that runs a program with its arguments in the shell's place. */
  static String scriptOf(List<String> argv) {
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command has a program at least");
    }
    return argv.stream().map(ShellWord::quote).collect(Collectors.joining(" ", "exec ", ""));
  }

  /**
   * Starts a script, once the guest runs commands: by the server behind {@code topology.shell},
   * which has streams, or else by a guest agent.
   *
   * @param what it is called in messages
   * @throws NodeEndedException if the node ends before
   * @throws OutOfTimeException if nothing in the guest runs commands, or too many run
   */
  Execution start(String what, String script, Deadline deadline) throws InterruptedException {
    NodeFate fate = fates.get();
    ShellLink shell = fate.ports().shell();
    AgentLink agent = fate.ports().agent();
    shell.startOnce();
    agent.greetOnce();
    fate.await(CompletableFuture.anyOf(shell.served(), agent.served()), deadline, SERVED);
    String ended = "its command \"" + what + "\" had ended";
    GuestCommand command =
        shell.served().isDone()
            ? stream(what, script, fate, deadline)
            : new CollectedCommand(agent, script, () -> fate.ended(ended));
    return new Execution(ended, command, fate);
  }

  private StreamedCommand stream(String what, String script, NodeFate fate, Deadline deadline)
      throws InterruptedException {
    String doing = "its command \"" + what + "\" had started";
    Lock plugging = fate.ports().streams().plugging();
    if (!plugging.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw fate.gaveUp(deadline, doing);
    }
    try {
      return stream(what, script, fate, deadline, doing);
    } finally {
      plugging.unlock();
    }
  }

  private StreamedCommand stream(
      String what, String script, NodeFate fate, Deadline deadline, String doing)
      throws InterruptedException {
    ShellLink link = fate.ports().shell();
    long id = link.nextId();
    String ended = "its command \"" + what + "\" had ended";
    CommandStreams streams = CommandStreams.plug(id, fate, deadline, doing);
    String token = token();
    StreamedCommand command =
        new StreamedCommand(id, token, link, streams, () -> fate.ended(ended));
    CompletableFuture<Void> opened = link.openingOf(id);
    boolean done = false;
    try {
      if (!link.send(request(id, script, token, streams).lines(), deadline)) {
        throw fate.gaveUp(deadline, doing);
      }
      fate.await(opened, deadline, doing);
      done = true;
      return command;
    } finally {
      if (!done) {
        command.kill();
        command.close();
      }
    }
  }

  private static ExecRequest request(long id, String script, String token, CommandStreams streams) {
    return new ExecRequest(
        id,
        script,
        token,
        streams.input().number(),
        streams.output().number(),
        streams.errors().number());
  }

  private String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
