package dev.topology.run;

import dev.topology.guest.ExecRequest;
import dev.topology.plan.ShellWord;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Starts commands in one node: over {@code topology.shell}, see {@link ExecRequest}. */
final class Commands {

  private static final int TOKEN_BYTES = 16;

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
   * Starts a script, once the guest serves commands.
   *
   * @param what it is called in messages
   * @throws NodeEndedException if the node ends before
   * @throws OutOfTimeException if nothing in the guest serves commands, or too many run
   */
  Execution start(String what, String script, Deadline deadline) throws InterruptedException {
    NodeFate fate = fates.get();
    ShellLink link = fate.ports().shell();
    link.startOnce();
    fate.await(
        link.served(),
        deadline,
        "anything in it served the port topology.shell, as the image must");
    long id = link.nextId();
    String doing = "its command \"" + what + "\" had started";
    CommandStreams streams = CommandStreams.plug(id, fate, deadline, doing);
    String token = token();
    Execution execution = new Execution(what, id, token, link, streams, fate);
    boolean done = false;
    try {
      if (!link.send(request(id, script, token, streams).lines(), deadline)) {
        throw fate.gaveUp(deadline, doing);
      }
      done = true;
      return execution;
    } finally {
      if (!done) {
        execution.close();
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
