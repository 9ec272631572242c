package dev.topology.source;

/** What a front end does to parts of a report so that they stand out, such as colouring them. */
@FunctionalInterface
public interface Paint {

  /** Leaves everything as it is. */
  Paint NONE = (role, text) -> text;

  /** The text as it shall be printed; it must keep its width. */
  String paint(Role role, String text);

  /** What a part of a report is. */
  enum Role {
    /** The word {@code error} with its id, and the carets under an error. */
    ERROR,
    /** The word {@code warning} with its id, and the carets under a warning. */
    WARNING,
    /** File, line and column. */
    PLACE,
    /** What went wrong. */
    MESSAGE,
    /** Line numbers and the rule beside them. */
    GUTTER
  }
}
