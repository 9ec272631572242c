package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.model.Command;
import dev.topology.run.node.NodeSignals.GuestEnd;
import java.util.Optional;

/**
 * What one run of a node told of how it goes: its guest, its QEMU, and those who tried whether it
 * is ready. When QEMU has ended, the outcome is judged by it. Written by the coordinator's thread
 * and those who try; any thread may look.
 */
public final class NodeNotes {

  private volatile Optional<GuestText> panicLine = Optional.empty();
  private volatile Optional<Integer> commandStatus = Optional.empty();
  private volatile Optional<GuestText> lastAttempt = Optional.empty();
  private volatile Optional<Command> executing = Optional.empty();
  private volatile GuestEnd guestEnd = GuestEnd.UNKNOWN;

  /** Notes what came of the last attempt to find out whether it is ready. */
  public void noteAttempt(GuestText result) {
    lastAttempt = Optional.of(result);
  }

  public Optional<GuestText> lastAttempt() {
    return lastAttempt;
  }

  /** Notes which command of its {@code exec} it runs, if any. */
  public void noteExecuting(Optional<Command> command) {
    executing = command;
  }

  public Optional<Command> executing() {
    return executing;
  }

  /** Notes the kernel's last words; the end of QEMU, a moment later, settles the outcome. */
  public void notePanic(GuestText line) {
    if (panicLine.isEmpty()) {
      panicLine = Optional.of(line);
    }
  }

  public Optional<GuestText> panicLine() {
    return panicLine;
  }

  /** Notes how its command ended; the end of QEMU settles the outcome, when all was printed. */
  public void noteCommandStatus(int status) {
    if (commandStatus.isEmpty()) {
      commandStatus = Optional.of(status);
    }
  }

  public Optional<Integer> commandStatus() {
    return commandStatus;
  }

  /** Notes what QEMU said of its own end. */
  public void noteEnd(GuestEnd how) {
    guestEnd = how;
  }

  public GuestEnd guestEnd() {
    return guestEnd;
  }
}
