package dev.topology.posix;

/** How a process ended. */
public sealed interface ExitStatus {

  /** For people: {@code exit status 1}, or {@code killed by signal 9 (SIGKILL)}. */
  String description();

  /** Whether it ended by itself with status 0. */
  default boolean isSuccess() {
    return equals(new Exited(0));
  }

  /**
   * It ended by exiting.
   *
   * @param code 0 to 255, as it said
   */
  record Exited(int code) implements ExitStatus {
    @Override
    public String description() {
      return "exit status " + code;
    }
  }

  /**
   * A signal ended it.
   *
   * @param number the signal's number
   * @param name the signal's name, such as {@code SIGKILL}
   */
  record Signalled(int number, String name) implements ExitStatus {
    @Override
    public String description() {
      return "killed by signal " + number + " (" + name + ")";
    }
  }
}
