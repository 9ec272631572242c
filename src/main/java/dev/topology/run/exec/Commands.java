package dev.topology.run.exec;

import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.AgentLink;
import dev.topology.run.node.Deadline;
import dev.topology.run.node.GuestAgentException;
import dev.topology.run.node.NodeEndedException;
import dev.topology.run.node.NodeFate;
import dev.topology.run.node.OutOfTimeException;
import dev.topology.run.node.ShellLink;
import dev.topology.text.ShellWord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Starts programs in one guest, with their streams: see {@link Execution}. Thread-safe. */
public final class Commands {

  private static final String SERVED =
      "anything in it ran commands: the image has to serve the port topology.shell, as the"
          + " built-in one does, or have a QEMU guest agent";

  private final Supplier<NodeFate> fates;

  public Commands(Supplier<NodeFate> fates) {
    this.fates = fates;
  }

  /** The script that runs a program with its arguments in the shell's place. */
  private static String scriptOf(List<String> argv) {
    return argv.stream().map(ShellWord::quote).collect(Collectors.joining(" ", "exec ", ""));
  }

  /**
   * Starts a program, once the guest runs commands: by the agent behind {@code topology.shell},
   * which has streams, or else by a QEMU guest agent.
   *
   * @throws NodeEndedException if the node ends before
   * @throws OutOfTimeException if nothing in the guest runs commands
   * @throws GuestAgentException if a terminal is wanted and only a QEMU guest agent is there
   */
  public Execution start(ProgramStart program, Deadline deadline) throws InterruptedException {
    NodeFate fate = fates.get();
    ShellLink shell = fate.ports().shell();
    AgentLink agent = fate.ports().agent();
    shell.startOnce();
    agent.greetOnce();
    fate.await(CompletableFuture.anyOf(shell.served(), agent.served()), deadline, SERVED);
    String what = "its command \"" + String.join(" ", program.arguments()) + "\" had ";
    GuestCommand command =
        shell.served().isDone()
            ? streamed(program, fate, what, deadline)
            : collected(program, fate, what);
    return new Execution(what + "ended", command, fate);
  }

  private static GuestCommand streamed(
      ProgramStart program, NodeFate fate, String what, Deadline deadline)
      throws InterruptedException {
    return StreamedCommand.start(
            fate.ports().shell(), program, () -> fate.ended(what + "ended"), deadline)
        .orElseThrow(() -> fate.gaveUp(deadline, what + "started"));
  }

  private static GuestCommand collected(ProgramStart program, NodeFate fate, String what) {
    if (program.terminal().isPresent()) {
      throw new GuestAgentException(
          fate.name(), "the QEMU guest agent of " + fate.name() + " has no terminals", null);
    }
    return new CollectedCommand(
        fate.ports().agent(), scriptOf(program.arguments()), () -> fate.ended(what + "ended"));
  }
}
