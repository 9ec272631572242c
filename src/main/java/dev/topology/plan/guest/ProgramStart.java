package dev.topology.plan.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program for the guest's agent to start, in a session of its own.
 *
 * <p>Without a terminal its outputs are two streams, and it reads nothing unless it has an input;
 * with one, both outputs are one stream, and it has an input in any case.
 *
 * @param arguments the program first, which is looked for in PATH
 * @param variables of its environment, beside what the guest's init has: {@code TERM=xterm}
 * @param hasInput whether it reads what the host sends
 * @param terminal how large its terminal is, if it is to have one
 */
public record ProgramStart(
    List<String> arguments,
    List<String> variables,
    boolean hasInput,
    Optional<TerminalSize> terminal) {

  /** How large a terminal is, 1 to 65535 each way. */
  public record TerminalSize(int rows, int columns) {}

  /** Linux takes no longer single argument: MAX_ARG_STRLEN of execve(2), with its NUL. */
  public static final int LONGEST_ARGUMENT_BYTES = 128 * 1024 - 1;

  /**
   * Otherwise the shell is replaced by the script's last command, which then leads the session: so
   * {@code setsid httpd} would have to fork, and be over before there is a server.
   */
  private static final String SCRIPT_END = "\n\nexit $?";

  private static final int MOST_STRINGS = 0x7FFF;
  private static final int WITH_TERMINAL = 1;
  private static final int WITH_INPUT = 2;
  private static final int NUMBERS_BYTES = 14;

  /**
   * Checks what it is made of.
   *
   * @throws IllegalArgumentException if there is no program, or more than a guest can take
   */
  public ProgramStart {
    arguments = List.copyOf(arguments);
    variables = List.copyOf(variables);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command has a program at least");
    }
    Stream.concat(arguments.stream(), variables.stream()).forEach(ProgramStart::check);
    long bytes = NUMBERS_BYTES + stringBytes(arguments) + stringBytes(variables);
    if (bytes > AgentFrame.MOST_TO_GUEST || arguments.size() + variables.size() > MOST_STRINGS) {
      throw new IllegalArgumentException(
          "a command can have "
              + MOST_STRINGS
              + " arguments and "
              + AgentFrame.MOST_TO_GUEST / 1024
              + " KiB of them at the most; send more as input");
    }
  }

  /** A script for the guest's {@code sh}, without input. */
  public static ProgramStart script(String script) {
    return new ProgramStart(
        List.of("/bin/sh", "-c", script + SCRIPT_END), List.of(), false, Optional.empty());
  }

  /** What it runs, for messages: the first line. */
  public String summary() {
    String[] lines = String.join(" ", arguments).split("\n", 2);
    return lines.length == 1 ? lines[0] : lines[0] + " …";
  }

  private static void check(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a command cannot hold a NUL character");
    }
    if (text.getBytes(UTF_8).length > LONGEST_ARGUMENT_BYTES) {
      throw new IllegalArgumentException(
          "an argument or a script can have 128 KiB at the most; send more as input");
    }
  }

  private static long stringBytes(List<String> texts) {
    return texts.stream().mapToLong(text -> text.getBytes(UTF_8).length + 1L).sum();
  }

  /**
   * The frame that has it started.
   *
   * @param window how many bytes of each output may be sent before there is credit
   */
  public AgentFrame frame(long id, int window) {
    ByteBuffer payload =
        ByteBuffer.allocate(
            (int) (NUMBERS_BYTES + stringBytes(arguments) + stringBytes(variables)));
    payload
        .putInt(window)
        .putShort(
            (short) ((terminal.isPresent() ? WITH_TERMINAL : 0) | (hasInput ? WITH_INPUT : 0)))
        .putShort((short) terminal.map(TerminalSize::rows).orElse(0).intValue())
        .putShort((short) terminal.map(TerminalSize::columns).orElse(0).intValue())
        .putShort((short) arguments.size())
        .putShort((short) variables.size());
    Stream.concat(arguments.stream(), variables.stream())
        .forEach(text -> payload.put(text.getBytes(UTF_8)).put((byte) 0));
    return new AgentFrame(AgentFrame.Type.RUN, 0, id, payload.array());
  }
}
